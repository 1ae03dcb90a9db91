import { FormulaFault, type FaultKind } from '../file/fault.js';
import type { CompiledTable } from '../table/table.js';
import type { Decimal } from './decimal.js';
import { offsetOf, type Node } from './formula.js';
import type { Type } from './types.js';

export type Level = 'unit' | 'owner' | 'property' | 'head' | 'given';

/** A declared name: an input, a step, a head, or one that the language itself gives (`fy`, `base`). */
export interface Sym {
  readonly level: Level;
  readonly name: string;
  readonly kind: 'input' | 'step' | 'head' | 'given';
  /** The SQL that reads it in the layer where it is known: a column, or a parameter for `given`. */
  readonly sql: string;
  readonly type: Type;
  /** May be NULL in a complete property; such a name stands only under `is null` or in coalesce. */
  readonly optional: boolean;
  /** Rests on units or owners, so it is known only after they were added up. */
  readonly aggregated: boolean;
  used: boolean;
}

/**
 * One use of a rate table inside a formula, kept so that the explanation can show the row that was applied.
 */
export interface Lookup {
  readonly table: CompiledTable;
  readonly keys: readonly string[];
  readonly sql: string;
}

/**
 * `sum(unit.x) filter (where ...)`: computed per property under `column` in the layer above the units or
 * owners.
 */
export interface Aggregate {
  readonly column: string;
  readonly level: 'unit' | 'owner';
  readonly sql: string;
  readonly text: string;
  readonly argument: Value | null;
  readonly filter: Value | null;
}

/** A checked expression and the SQL it compiles to. */
export interface Value {
  readonly sql: string;
  readonly type: Type;
  readonly nullable: boolean;
  /** Set for a number written in the formula. */
  readonly constant: Decimal | null;
  /** Set for a text written in the formula; it has no type until it meets a code. */
  readonly text: string | null;
  readonly symbols: ReadonlySet<Sym>;
  readonly lookups: readonly Lookup[];
  readonly aggregates: readonly Aggregate[];
}

/** No law's formula comes near: nested look-ups and dates repeat their arguments, so that SQL could grow without bound. */
const LONGEST_SQL = 500_000;

/** Refuses SQL of a formula that would grow beyond any use, before it is built where `characters` is foreseen. */
export function mustBeShort(characters: number): void {
  if (characters <= LONGEST_SQL) return;
  const message = 'The formula nests look-ups, dates or choices so that its SQL becomes too long.';
  throw new FormulaFault('too_large', `${characters} characters`, message, 'Split it into steps.');
}

/** A value made of parts: names, look-ups and aggregates are those of the parts. */
export function combine(sql: string, type: Type, parts: readonly Value[], nullable = false): Value {
  mustBeShort(sql.length);
  return {
    sql,
    type,
    nullable,
    constant: null,
    text: null,
    symbols: new Set(parts.flatMap((part) => [...part.symbols])),
    lookups: parts.flatMap((part) => part.lookups),
    aggregates: parts.flatMap((part) => part.aggregates),
  };
}

/** What a formula may name, and where its aggregates are kept. */
export interface Scope {
  readonly quotientScale: number;
  /** The SQL of the first calendar year of the financial year that the formula speaks of. */
  readonly fySql: string;
  /** Throws a FormulaFault for a name that is not declared or not visible here. */
  resolve(qualifier: string | null, name: string, context: Context): Sym;
  /** The remembered value of a carried step; throws a FormulaFault for one that is not carried. */
  previous(qualifier: string | null, name: string, context: Context): Sym;
  table(name: string): CompiledTable | null;
  aggregate(draft: Omit<Aggregate, 'column'>): Aggregate;
  /** Function and table names for the remedy of an unknown one. */
  readonly tableNames: readonly string[];
  /** False inside unit and owner formulas: there is nothing to add up. */
  readonly mayAggregate: boolean;
}

/** Where in a formula the walk stands. */
export interface Context {
  readonly scope: Scope;
  readonly depth: number;
  /** Nodes that may still be visited: conditions are visited again to learn what they prove. */
  readonly budget: { left: number };
  readonly inAggregate: 'unit' | 'owner' | null;
  /** Names proven not NULL and expressions proven not zero by the CASE branches around. */
  readonly notNull: ReadonlySet<Sym>;
  readonly notZero: ReadonlySet<string>;
  walk(node: Node, context: Context): Value;
}

/** Stops the walk with a fault at the node. */
export function faultAt(node: Node, kind: FaultKind, value: string, message: string, remedy: string): never {
  throw new FormulaFault(kind, value, message, remedy, offsetOf(node));
}

/** Refuses a value that may be NULL: `least(100, NULL)` would silently be 100. */
export function mustBeKnown(value: Value, node: Node): void {
  if (!value.nullable) return;
  const name = [...value.symbols].find((symbol) => symbol.optional)?.name ?? value.sql;
  faultAt(
    node,
    'null',
    name,
    `"${name}" may be unknown here.`,
    `Write coalesce(${name}, ...) or test "is null" first.`,
  );
}

/** A text constant has no type before it meets a code; where none is near, it has no place. */
export function mustBeTyped(value: Value, node: Node): void {
  if (value.text === null) return;
  const remedy = "Compare it with a code input, e.g. use = 'residential'.";
  faultAt(node, 'formula_not_allowed', value.text, 'A text may stand only where a code is expected.', remedy);
}
