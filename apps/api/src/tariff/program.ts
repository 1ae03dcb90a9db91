import { AlreadyReported, FormulaFault, type FilePath } from './file/fault.js';
import type { TariffFile } from './file/read.js';
import type {
  AssessmentFile,
  ExemptionDeclaration,
  HeadDeclaration,
  RoundRule,
  StepDeclaration,
} from './file/schema.js';
import type { BoundInput } from './binding.js';
import type { RebateDeclaration } from './file/collection-schema.js';
import { compare, decimal, formatDecimal, multiply } from './language/decimal.js';
import { compileFormula } from './language/expression.js';
import { rounded, type Interval } from './language/interval.js';
import { Names } from './language/names.js';
import { checkRound, roundSql, sqlNumber } from './language/rounding.js';
import { describeDimension, describeType, MONEY, sameDimension, type Type } from './language/types.js';
import type { Aggregate, Scope, Sym, Value } from './language/value.js';

/**
 * A column of the compiled SQL: its expression may read the columns it needs, which stand in a layer below.
 */
export interface Column {
  readonly name: string;
  readonly sql: string;
}

interface Compiled {
  readonly symbol: Sym;
  readonly value: Value;
  /** From the formula to the symbol's own column. */
  readonly columns: readonly Column[];
}

export interface CompiledStep extends Compiled {
  readonly level: 'unit' | 'property';
  readonly declaration: StepDeclaration;
}

export interface CompiledHead extends Compiled {
  readonly declaration: HeadDeclaration & { round: RoundRule };
  /** What the formula gives: of a head per half or quarter that part, of one per year the year. */
  readonly part: Sym;
}

export interface CompiledExemption {
  readonly declaration: ExemptionDeclaration;
  readonly column: string;
  readonly value: Value;
  readonly heads: readonly string[];
}

/** One rebate on one head, or on one instalment of it. */
export interface CompiledRebate {
  readonly declaration: RebateDeclaration & { round: RoundRule };
  readonly head: string;
  /** Its number; null for a rebate on the year. */
  readonly instalment: string | null;
  /** Where it is booked. */
  readonly account: string;
  readonly amount: Value;
  readonly when: Value | null;
  /** The columns of its base and of what it takes off in all. */
  readonly base: Column;
  readonly column: Column;
  /** The columns of what a rebate on the year takes off each instalment. */
  readonly shares: readonly Column[];
  /** The SQL of what it takes off each instalment, in their order. */
  readonly parts: readonly string[];
}

/**
 * What a collection file adds to an assessment: its rebates, and the inputs and aggregates that only they
 * read.
 */
export interface RebatePart {
  readonly rebates: readonly CompiledRebate[];
  readonly inputs: ReadonlySet<BoundInput>;
  readonly aggregates: ReadonlySet<Aggregate>;
}

/** An assessment tariff whose every part is checked, ready to be written as SQL. */
export interface Program {
  readonly file: AssessmentFile;
  readonly inputs: readonly BoundInput[];
  readonly names: Names;
  readonly steps: readonly CompiledStep[];
  readonly exemptions: readonly CompiledExemption[];
  readonly heads: readonly CompiledHead[];
  /** Only for explaining with rebates: what is owed never rests on it. */
  readonly rebatePart?: RebatePart;
}

/** Runs a part of the compiler; a fault is reported at `path` and gives null. */
export function guarded<T>(file: TariffFile, path: FilePath, work: () => T): T | null {
  try {
    return work();
  } catch (error) {
    if (error instanceof FormulaFault) {
      file.fault(path, error.kind, error.value, error.message, error.remedy, error.offset ?? 0);
    } else if (!(error instanceof AlreadyReported)) {
      throw error;
    }
    return null;
  }
}

/** Compiles a step's formula, rounding and domain into columns of the SQL. */
export function compileStep(
  level: 'unit' | 'property',
  declaration: StepDeclaration,
  scope: Scope,
): CompiledStep {
  const value = compileFormula(declaration.formula, scope);
  const column = `${level === 'unit' ? 'u' : 'p'}_${declaration.name}`;
  const { sql, type } = roundedValue(value, declaration.round);
  const columns: Column[] = [];
  let known = type;
  if (declaration.domain) {
    const range = domainOf(declaration, type);
    known = { ...type, range } as Type;
    const any = `${level === 'unit' ? 'ua' : 'pa'}_${declaration.name}`;
    columns.push({ name: any, sql });
    columns.push({ name: column, sql: `CASE WHEN ${withinSql(any, range)} THEN ${any} END` });
  } else {
    columns.push({ name: column, sql });
  }
  const aggregated = level === 'property' && isAggregated(value);
  const symbol: Sym = {
    level,
    name: declaration.name,
    kind: 'step',
    sql: column,
    type: known,
    optional: false,
    aggregated,
    used: declaration.shown !== undefined,
  };
  return { level, declaration, symbol, value, columns };
}

/** Compiles a head: money, rounded by a stated rule to whole minor units, never negative. */
export function compileHead(
  declaration: HeadDeclaration,
  scope: Scope,
  exemptions: readonly CompiledExemption[],
): CompiledHead {
  const { round } = declaration;
  if (!round) {
    const remedy = 'Add round: {to: 1, mode: half_up}, or what the law says.';
    throw new FormulaFault(
      'value',
      declaration.name,
      `The head "${declaration.name}" has no rounding.`,
      remedy,
    );
  }
  const value = compileFormula(declaration.formula, scope);
  mustBeMoney(value.type, declaration.formula);
  const { sql, type } = roundedValue(value, round);
  mustBeMinorUnits(round);
  const column = `h_${declaration.name}`;
  const mine = exemptions.filter((exemption) => exemption.heads.includes(declaration.name));
  const free = mine.map((exemption) => exemption.column).join(' OR ');
  const symbol: Sym = {
    level: 'head',
    name: declaration.name,
    kind: 'head',
    sql: column,
    type,
    optional: false,
    aggregated: true,
    used: true,
  };
  const any = `ha_${declaration.name}`;
  const parts = PARTS[declaration.per];
  const part = parts === 1 ? symbol : { ...symbol, sql: `hp_${declaration.name}` };
  const columns = [
    { name: any, sql: free ? `CASE WHEN ${free} THEN 0::numeric ELSE ${sql} END` : sql },
    // A negative or absurd demand is no demand: NULL sends the property to the exceptions.
    { name: part.sql, sql: `CASE WHEN ${withinSql(any, DEMANDABLE)} THEN ${any} END` },
    ...(parts === 1 ? [] : [{ name: column, sql: `(${part.sql} * ${parts})` }]),
  ];
  return { declaration: { ...declaration, round }, symbol, part, value, columns };
}

/** How many demands of a head make its year. */
export const PARTS = { year: 1, half_year: 2, quarter: 4 } as const;

/** What one head may demand: the largest is 10^13 in currency units, 10^15 paise, far inside bigint. */
const DEMANDABLE: Interval = { min: decimal('0'), max: decimal('10000000000000') };

export function isAggregated(value: Value): boolean {
  return value.aggregates.length > 0 || [...value.symbols].some((symbol) => symbol.aggregated);
}

export function mustBeMoney(type: Type, shown: string): void {
  if (type.kind === 'number' && (type.dimension === null || sameDimension(type.dimension, MONEY))) return;
  const is = type.kind === 'number' ? describeDimension(type.dimension) : describeType(type);
  const remedy = 'State the "unit" of the tables it uses (money/area for a rate per area).';
  throw new FormulaFault(
    type.kind === 'number' ? 'unit' : 'type',
    shown,
    `It gives ${is}, not money.`,
    remedy,
  );
}

/** Demands are kept in paise, so a head's or a rebate's rounding must not leave smaller parts. */
export function mustBeMinorUnits(round: RoundRule): void {
  const steps = multiply(decimal(round.to), decimal('100'));
  if (!formatDecimal(steps).includes('.')) return;
  const message = `Rounding to ${round.to} leaves parts of the smallest coin.`;
  throw new FormulaFault('value', round.to, message, 'Round to 0.01 or a multiple of it.');
}

/** The SQL and type after the rounding rule. */
export function roundedValue(value: Value, round: RoundRule | undefined): { sql: string; type: Type } {
  if (!round) return { sql: value.sql, type: value.type };
  if (value.type.kind !== 'number') {
    const remedy = 'Remove the rounding.';
    throw new FormulaFault('type', round.to, `${describeType(value.type)} cannot be rounded.`, remedy);
  }
  checkRound(round);
  const range = rounded(value.type.range, decimal(round.to));
  return { sql: roundSql(value.sql, round), type: { ...value.type, range } };
}

function domainOf(declaration: StepDeclaration, type: Type): Interval {
  if (type.kind !== 'number') {
    const remedy = 'Remove it: the codes or conditions are known.';
    throw new FormulaFault('type', declaration.name, 'Only a number has a domain.', remedy);
  }
  const min = declaration.domain?.min === undefined ? type.range.min : decimal(declaration.domain.min);
  const max = declaration.domain?.max === undefined ? type.range.max : decimal(declaration.domain.max);
  if (min && max && compare(min, max) > 0) {
    const value = `${formatDecimal(min)}..${formatDecimal(max)}`;
    throw new FormulaFault('value', value, 'The domain is empty.', 'Correct min and max.');
  }
  return { min, max };
}

function withinSql(column: string, { min, max }: Interval): string {
  const low = min && `${column} >= ${sqlNumber(formatDecimal(min))}`;
  const high = max && `${column} <= ${sqlNumber(formatDecimal(max))}`;
  return [low, high].filter(Boolean).join(' AND ') || `${column} IS NOT NULL`;
}
