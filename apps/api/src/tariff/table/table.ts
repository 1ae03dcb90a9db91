import { compare, formatDecimal, parseDecimal, type Decimal } from '../language/decimal.js';
import { sqlNumber, sqlText } from '../language/rounding.js';
import { NONE, parseDimension, type NumberType, type Type } from '../language/types.js';
import { ANY, hull, isNotNegative, NOT_NEGATIVE, point, type Interval } from '../language/interval.js';
import { FormulaFault, type FaultKind, type FilePath } from '../file/fault.js';
import type { TableDeclaration } from '../file/schema.js';
import { buildTree, type Tree } from './tree.js';

/** From and to of a range cell; null is open. Which end belongs to it is said by the table's `bounds`. */
export interface Range {
  readonly from: Decimal | null;
  readonly to: Decimal | null;
}

/** What a row asks of one key: some codes, every code, or a range. */
export type Cell = { readonly codes: ReadonlySet<string> } | { readonly any: true } | Range;

export interface Key {
  readonly name: string;
  readonly how: 'exact' | 'range';
  readonly type: Type;
}

export interface Row {
  readonly cells: readonly Cell[];
  /** The value as an SQL constant. */
  readonly sql: string;
  /** The row as written, for the explanation. */
  readonly written: readonly (string | string[])[];
}

/** A rate table after its checks: over the domains of its keys exactly one row answers each combination. */
export interface CompiledTable {
  readonly name: string;
  readonly keys: readonly Key[];
  readonly rows: readonly Row[];
  readonly result: Type;
  readonly marginal: boolean;
  readonly upperInclusive: boolean;
  readonly reference: string;
  readonly note: string | null;
  readonly tree: Tree;
  used: boolean;
}

/** Reports a fault below the table's own place in the file. */
export type Report = (
  path: FilePath,
  kind: FaultKind,
  value: string,
  message: string,
  remedy: string,
) => void;

/**
 * Reads and checks one table. `typeOf` gives the type of a key's name and throws a FormulaFault for an
 * undeclared one. Returns null after reporting when it cannot be used.
 */
export function compileTable(
  name: string,
  declared: TableDeclaration,
  typeOf: (key: string) => Type,
  report: Report,
): CompiledTable | null {
  let faults = 0;
  const note: Report = (...fault) => {
    faults += 1;
    report(...fault);
  };
  if (!declared.reference) {
    note(
      [],
      'missing_reference',
      name,
      `The table "${name}" has no reference.`,
      'Name the law or order it is from.',
    );
  }
  const keys = readKeys(declared, typeOf, note);
  const result = readResult(declared, keys, note);
  if (!keys || !result) return null;
  const rows = declared.rows.map((row, i) => readRow(row, i, keys, declared, note));
  if (faults > 0) return null;
  const upperInclusive = declared.bounds === 'upper_inclusive';
  const good = rows.filter((row) => row !== null);
  const tree = buildTree(keys, good, upperInclusive, note);
  if (!tree) return null;
  return {
    name,
    keys,
    rows: good,
    result: result.kind === 'number' ? { ...result, range: rangeOf(declared) } : result,
    marginal: declared.kind === 'marginal',
    upperInclusive,
    reference: declared.reference ?? '',
    note: declared.note ?? null,
    tree,
    used: false,
  };
}

function readKeys(declared: TableDeclaration, typeOf: (key: string) => Type, note: Report): Key[] | null {
  const keys: Key[] = [];
  for (const [key, how] of Object.entries(declared.key)) {
    try {
      const type = typeOf(key);
      const expected = how === 'range' ? 'number' : 'code';
      if (type.kind === expected) keys.push({ name: key, how, type });
      else
        note(
          ['key', key],
          'type',
          key,
          `"${key}" is a ${type.kind}, a ${how} key is a ${expected}.`,
          'Correct it.',
        );
    } catch (error) {
      if (!(error instanceof FormulaFault)) throw error;
      note(['key', key], error.kind, error.value, error.message, error.remedy);
    }
  }
  const complete = keys.length === Object.keys(declared.key).length;
  if (complete && keys.length === 0)
    note(['key'], 'value', '', 'The table has no key.', 'Write the rate as a number.');
  if (complete && keys.some((key) => key.how === 'range') && !declared.bounds) {
    const remedy = 'Add bounds: lower_inclusive or upper_inclusive.';
    note(['key'], 'value', 'bounds', 'Nothing says to which range a boundary value belongs.', remedy);
    return null;
  }
  return complete && keys.length > 0 ? keys : null;
}

function readResult(declared: TableDeclaration, keys: readonly Key[] | null, note: Report): Type | null {
  if (declared.gives) return { kind: 'code', codes: declared.gives.code };
  const dimension = declared.unit === undefined ? NONE : parseDimension(declared.unit);
  if (dimension === null) {
    const remedy = 'Use money, area, year, percent, factor, or a quotient such as money/area.';
    note(['unit'], 'value', declared.unit ?? '', 'This is not a unit.', remedy);
    return null;
  }
  if (declared.kind === 'marginal' && keys) {
    const last = keys.at(-1);
    const ranges = keys.filter((key) => key.how === 'range').length;
    if (last?.how !== 'range' || ranges !== 1 || !(last.type as NumberType).range.min) {
      const message = 'A marginal table needs one range key, the last, that has a smallest value.';
      note(['kind'], 'value', 'marginal', message, 'Declare its min, or use kind: whole.');
      return null;
    }
  }
  return { kind: 'number', dimension, range: ANY };
}

function readRow(
  row: TableDeclaration['rows'][number],
  index: number,
  keys: readonly Key[],
  declared: TableDeclaration,
  note: Report,
): Row | null {
  const path = ['rows', index];
  if (row.length !== keys.length + 1) {
    const message = `The row has ${row.length} cells, the table ${keys.length} keys and a value.`;
    note(path, 'value', row.join(', '), message, 'Complete the row.');
    return null;
  }
  const cells = keys.map((key, i) => readCell(row[i]!, key, [...path, i], note));
  const value = row.at(-1)!;
  const where = [...path, keys.length];
  if (typeof value !== 'string') {
    note(where, 'value', value.join(', '), 'The value is a list.', 'Give one value.');
    return null;
  }
  const known = declared.gives ? declared.gives.code.includes(value) : parseDecimal(value) !== null;
  if (!known) {
    const message = declared.gives
      ? `"${value}" is not among the codes it gives.`
      : `"${value}" is not a number.`;
    note(where, declared.gives ? 'unknown_code' : 'value', value, message, 'Correct the value.');
    return null;
  }
  if (cells.some((cell) => cell === null)) return null;
  const sql = declared.gives ? sqlText(value) : sqlNumber(value);
  return { cells: cells as Cell[], sql, written: row };
}

function readCell(cell: string | string[], key: Key, path: FilePath, note: Report): Cell | null {
  if (key.how === 'range') return readRange(cell, path, note);
  if (cell === '*') return { any: true };
  const codes = typeof cell === 'string' ? [cell] : cell;
  const declared = key.type.kind === 'code' ? key.type.codes : [];
  const unknown = codes.find((code) => !declared.includes(code));
  if (unknown === undefined) return { codes: new Set(codes) };
  const message = `"${unknown}" is not a code of "${key.name}".`;
  note(path, 'unknown_code', unknown, message, `Correct it, or add it to the codes of "${key.name}".`);
  return null;
}

function readRange(cell: string | string[], path: FilePath, note: Report): Range | null {
  const shown = typeof cell === 'string' ? cell : cell.join(', ');
  const match = typeof cell === 'string' ? /^([^.]*(?:\.\d+)?)\.\.(.*)$/.exec(cell) : null;
  const from = match?.[1] ? parseDecimal(match[1]) : null;
  const to = match?.[2] ? parseDecimal(match[2]) : null;
  const readable = match && (!match[1] || from) && (!match[2] || to);
  if (!readable) {
    note(path, 'value', shown, `"${shown}" is not a range.`, 'Write 1960..1970, ..1960 or 1970.. .');
    return null;
  }
  if (from && to && compare(from, to) >= 0) {
    note(path, 'value', shown, `The range ends (${formatDecimal(to)}) before it begins.`, 'Swap its ends.');
    return null;
  }
  return { from, to };
}

/**
 * The smallest and the largest value of the rows; of a marginal table only the sign of the result is known.
 */
function rangeOf(declared: TableDeclaration): Interval {
  const values = declared.rows.map((row) => point(parseDecimal(String(row.at(-1)))!)).reduce(hull);
  if (declared.kind === 'whole') return values;
  return isNotNegative(values) ? NOT_NEGATIVE : ANY;
}
