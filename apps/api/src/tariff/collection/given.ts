import type { Builder } from '../build.js';
import { FormulaFault, type FilePath } from '../file/fault.js';
import type { TariffFile } from '../file/read.js';
import type { RoundRule } from '../file/schema.js';
import { compileFormula } from '../language/expression.js';
import { NOT_NEGATIVE } from '../language/interval.js';
import { FormulaScope, Names } from '../language/names.js';
import { BOOLEAN, DATE, MONEY, YEAR, type Type } from '../language/types.js';
import type { Sym, Value } from '../language/value.js';
import { guarded, mustBeMinorUnits, mustBeMoney, roundedValue } from '../program.js';

/** An amount of money that is never less than nothing. */
const AMOUNT: Type = { kind: 'number', dimension: MONEY, range: NOT_NEGATIVE };

const TYPES = {
  overdue: AMOUNT,
  demand: AMOUNT,
  rebate: AMOUNT,
  paid: AMOUNT,
  balance: AMOUNT,
  dues: AMOUNT,
  principal: AMOUNT,
  charges: AMOUNT,
  payment: AMOUNT,
  instalment: { kind: 'number', dimension: null, range: NOT_NEGATIVE },
  due: DATE,
  as_of: DATE,
  served_on: DATE,
  settles: BOOLEAN,
} as const satisfies Record<string, Type>;

export type GivenName = keyof typeof TYPES;

/** Names that tables of a collection file may be keyed on, besides its inputs. */
export const KEY_TYPES: ReadonlyMap<string, Type> = new Map(
  Object.entries(TYPES).filter(([, type]) => type.kind === 'number'),
);

/**
 * What a formula on dues may name: the given ones, each read from the column `c_<name>`, and the financial year of
 * the dues with its ends and days, from `c_fy`.
 */
export function duesScope(builder: Builder, given: readonly GivenName[]): FormulaScope {
  const names = new Names();
  const add = (name: string, sql: string, type: Type) => {
    const fixed = { kind: 'given', aggregated: false, used: true } as const;
    // A bill that was not served yet has no day of service.
    names.add({ ...fixed, optional: name === 'served_on', level: 'given', name, sql, type });
  };
  for (const name of given) add(name, `c_${name}`, TYPES[name]);
  add('fy', 'c_fy::numeric', { kind: 'number', dimension: YEAR, range: builder.years });
  add('fy_start', 'make_date(c_fy, 4, 1)', DATE);
  add('fy_end', 'make_date(c_fy + 1, 3, 31)', DATE);
  const find = (level: Sym['level'], name: string) => names.get(level, name);
  const table = (name: string) => builder.findTable(name);
  return new FormulaScope(names, 'property', find, builder.quotientScale, table, builder.tableNames, 'c_fy');
}

/** A formula on dues: dues have no units or owners to add up. */
export function onDues(formula: string, scope: FormulaScope): Value {
  const value = compileFormula(formula, scope);
  const [first] = value.aggregates;
  if (!first) return value;
  throw new FormulaFault(
    'unknown_name',
    first.text,
    'Dues have no units and owners.',
    'Use the names of dues.',
  );
}

/** A condition on dues as SQL, `true` where there is none; null after reporting a fault. */
export function dueCondition(
  file: TariffFile,
  path: FilePath,
  formula: string | undefined,
  scope: FormulaScope,
): string | null {
  if (formula === undefined) return 'true';
  return guarded(file, path, () => {
    const value = onDues(formula, scope);
    if (value.type.kind === 'boolean') return value.sql;
    throw new FormulaFault('type', formula, 'It is not a condition.', 'Write a comparison.');
  });
}

/** An amount on dues, rounded by its rule to whole minor units, as SQL; null after reporting a fault. */
export function dueAmount(
  file: TariffFile,
  path: FilePath,
  declared: { readonly name: string; readonly formula: string; readonly round?: RoundRule | undefined },
  scope: FormulaScope,
): string | null {
  const { round, formula, name } = declared;
  if (!round) {
    const remedy = 'Add round: {to: 1, mode: half_up}, or what the law says.';
    file.fault(path, 'value', name, `"${name}" has no rounding.`, remedy);
    return null;
  }
  guarded(file, [...path, 'round', 'to'], () => mustBeMinorUnits(round));
  return guarded(file, [...path, 'formula'], () => {
    const value = onDues(formula, scope);
    mustBeMoney(value.type, formula);
    return roundedValue(value, round).sql;
  });
}

/** Reports names that stand twice in a list of the file. */
export function mustBeUnique(file: TariffFile, key: string, names: readonly string[]): void {
  names.forEach((name, i) => {
    if (names.indexOf(name) === i) return;
    file.fault([key, i, 'name'], 'duplicate_key', name, `Two are called "${name}".`, 'Rename one.');
  });
}

/** Reports each name that is not among the known ones. */
export function mustBeKnownNames(
  file: TariffFile,
  path: FilePath,
  names: readonly string[],
  known: { readonly what: string; readonly names: readonly string[] },
): boolean {
  const unknown = names.find((name) => !known.names.includes(name));
  if (unknown === undefined) return true;
  const remedy = `Use one of: ${known.names.join(', ') || 'none'}.`;
  file.fault(path, 'unknown_name', unknown, `"${unknown}" is no ${known.what}.`, remedy);
  return false;
}
