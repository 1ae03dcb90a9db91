import { compare, decimal, formatDecimal, reciprocal } from './language/decimal.js';
import { FormulaFault } from './file/fault.js';
import type { InputDeclaration } from './file/schema.js';
import { covers, type Interval } from './language/interval.js';
import { sqlNumber, sqlText } from './language/rounding.js';
import { previousName } from './language/names.js';
import {
  AREA,
  BOOLEAN,
  DATE,
  MONEY,
  NONE,
  parseDimension,
  YEAR,
  type Dimension,
  type Type,
} from './language/types.js';
import type { Sym } from './language/value.js';

export type InputLevel = 'property' | 'unit' | 'owner';

/** The alias of each source table in the compiled SQL, which is also the prefix of its columns. */
export const ALIAS = { property: 'p', unit: 'u', owner: 'o' } as const;

type Storage = 'text' | 'numeric' | 'area';

/** Inputs that have a column of their own; every other name is read from the row's `facts`. */
const COLUMNS: Record<InputLevel, Record<string, [column: string, storage: Storage]>> = {
  property: {
    category: ['category', 'text'],
    zone: ['zone_number', 'text'],
    ward: ['ward_number', 'text'],
    land_area: ['land_area_m2', 'area'],
  },
  unit: {
    area: ['area_m2', 'area'],
    use: ['use', 'text'],
    structure: ['structure', 'text'],
    occupancy: ['occupancy', 'text'],
    year_built: ['year_built', 'numeric'],
    floor: ['floor', 'text'],
    capital_value: ['capital_value', 'numeric'],
  },
  owner: { share: ['share', 'numeric'], class: ['class', 'text'] },
};

/** Square metres per unit of area; exact, because 1 ft is 0.3048 m. */
const M2_PER_AREA = { m2: '1', ft2: '0.09290304', yd2: '0.83612736' } as const;

/** Decimals that a number among the facts may have; a step's value, a quotient of quotients, may have more. */
const MOST_DECIMALS = 10;
const MOST_CARRIED_DECIMALS = 200;

/** Decimals of an area that is converted from stored square metres. */
const AREA_SCALE = 6;

export interface AreaUnit {
  readonly area: keyof typeof M2_PER_AREA;
  readonly m2_per_area?: string | undefined;
}

/** An input bound to where it is stored. */
export interface BoundInput {
  readonly level: InputLevel;
  readonly name: string;
  readonly declaration: InputDeclaration;
  readonly symbol: Sym;
  /** Reads the stored value from the aliased source table. */
  readonly rawSql: string;
  /** The name under which the stored value is carried to the layer that checks it. */
  readonly rawColumn: string;
  readonly column: string;
  /** The value where it is of the declared type and domain, else NULL. */
  readonly cleanSql: string;
  /** True where the property cannot be assessed because of this input. */
  readonly missingSql: string;
  readonly stored: Storage | 'fact';
  /** Set for a value remembered from the last published assessment of an earlier year: the step's name. */
  readonly carried?: string;
}

/** Square metres per unit of area as exact decimal text. */
export function areaFactor(units: AreaUnit): string {
  return units.m2_per_area ?? M2_PER_AREA[units.area];
}

/**
 * Where a given value of a case is put: a column of the source table (areas as square metres), or null for
 * `facts`.
 */
export function columnOf(
  level: InputLevel,
  name: string,
): readonly [column: string, storage: Storage] | null {
  return Object.hasOwn(COLUMNS[level], name) ? COLUMNS[level][name]! : null;
}

/**
 * Binds a declared input; throws a FormulaFault when the declaration does not fit the column or contradicts
 * itself.
 */
export function bindInput(
  level: InputLevel,
  name: string,
  declaration: InputDeclaration,
  units: AreaUnit,
): BoundInput {
  const alias = ALIAS[level];
  const bound = columnOf(level, name);
  const type = typeOf(declaration);
  if (bound && type.kind !== (bound[1] === 'text' ? 'code' : 'number')) {
    const message = `"${name}" is stored as ${bound[1] === 'text' ? 'a code' : 'a number'}.`;
    throw new FormulaFault('type', name, message, 'Declare it so, or choose another name.');
  }
  const column = `${alias}_${name}`;
  const rawColumn = `${alias}r_${name}`;
  const stored = bound?.[1] ?? 'fact';
  const clean = withDefault(declaration, type, rawColumn, cleanSql(type, rawColumn, stored));
  return {
    level,
    name,
    declaration,
    symbol: {
      level,
      name,
      kind: 'input',
      sql: column,
      type,
      optional: declaration.optional !== undefined,
      aggregated: false,
      used: false,
    },
    rawSql: bound
      ? columnSql(`${alias}.${bound[0]}`, bound[1], units)
      : `(${alias}.facts ->> ${sqlText(name)})`,
    rawColumn,
    column,
    cleanSql: clean,
    missingSql: declaration.optional
      ? `(${column} IS NULL AND ${rawColumn} IS NOT NULL)`
      : `${column} IS NULL`,
    stored,
  };
}

/** The alias of the remembered values in the compiled SQL. */
export const PREVIOUS = { property: 'pv', unit: 'uv' } as const;

/**
 * Binds a carried step: an optional value of its level, read from the last published assessment. Throws a
 * FormulaFault when its declaration contradicts itself.
 */
export function bindCarried(
  level: 'property' | 'unit',
  name: string,
  declaration: InputDeclaration,
): BoundInput {
  const wrong = Object.keys(declaration).find((key) => ['optional', 'needed_when', 'default'].includes(key));
  if (wrong) {
    const message = 'A carried value is NULL for what is new, and has no default.';
    throw new FormulaFault('value', wrong, message, `Remove "${wrong}".`);
  }
  const alias = PREVIOUS[level];
  const type = typeOf(declaration);
  const [column, rawColumn] = [`${alias}_${name}`, `${alias}r_${name}`];
  const own = { level, name: previousName(name) };
  return {
    ...own,
    declaration,
    symbol: {
      ...own,
      kind: 'input',
      sql: column,
      type,
      optional: true,
      aggregated: false,
      used: false,
    },
    rawSql: `${alias}."${name}"`,
    rawColumn,
    column,
    cleanSql: cleanSql(type, rawColumn, 'fact', MOST_CARRIED_DECIMALS),
    missingSql: `(${column} IS NULL AND ${rawColumn} IS NOT NULL)`,
    stored: 'fact',
    carried: name,
  };
}

const NUMBERS: Record<string, [Dimension | null, min: string, max: string]> = {
  area: [AREA, '0', '1000000000'],
  money: [MONEY, '0', '10000000000000'],
  number: [NONE, '-10000000000000', '10000000000000'],
  fraction: [NONE, '0', '1'],
  year: [YEAR, '1000', '9999'],
};

function typeOf(declaration: InputDeclaration): Type {
  if (declaration.code || declaration.boolean || declaration.date) mustHaveNoMeasure(declaration);
  if (declaration.code) {
    const twice = declaration.code.find((code, i, all) => all.indexOf(code) !== i);
    if (twice !== undefined) throw new FormulaFault('overlap', twice, 'The code stands twice.', 'Keep one.');
    return { kind: 'code', codes: declaration.code };
  }
  if (declaration.boolean) return BOOLEAN;
  if (declaration.date) return DATE;
  const [usual, lowest, highest] = Object.entries(NUMBERS).find(([key]) => key in declaration)![1];
  const allowed: Interval = { min: decimal(lowest), max: decimal(highest) };
  const range = { min: decimal(declaration.min ?? lowest), max: decimal(declaration.max ?? highest) };
  if (!covers(allowed, range) || compare(range.min, range.max) > 0) {
    const value = `${declaration.min ?? lowest}..${declaration.max ?? highest}`;
    throw new FormulaFault(
      'value',
      value,
      `Its values lie within ${lowest}..${highest}.`,
      'Correct min and max.',
    );
  }
  return { kind: 'number', dimension: measured(declaration, usual), range };
}

function mustHaveNoMeasure({ min, max, unit }: InputDeclaration): void {
  const value = min ?? max ?? unit;
  if (value === undefined) return;
  throw new FormulaFault('value', value, 'Only a number has min, max and unit.', 'Remove them.');
}

/** A plain number may say what it measures. */
function measured(declaration: InputDeclaration, usual: Dimension | null): Dimension | null {
  if (declaration.unit === undefined) return usual;
  const dimension = declaration.number ? parseDimension(declaration.unit) : null;
  if (dimension) return dimension;
  const remedy =
    'Write number: true with money, area, year, percent, factor, or a quotient such as money/area.';
  throw new FormulaFault('value', declaration.unit, 'This is not the unit of a number.', remedy);
}

/**
 * A day of the years 1700 to 2199, else NULL: the parts are tried before the date is made, so that 30 February is
 * refused, not an error.
 */
function dateSql(raw: string): string {
  const pattern = '^(1[7-9]|2[01])[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$';
  const [year, month, day] = [`left(${raw}, 4)::int`, `substr(${raw}, 6, 2)::int`, `right(${raw}, 2)::int`];
  const last = `extract(day FROM make_date(${year}, ${month}, 1) + interval '1 month - 1 day')`;
  const made = `CASE WHEN ${day} <= ${last} THEN make_date(${year}, ${month}, ${day}) END`;
  return `CASE WHEN ${raw} ~ '${pattern}' THEN ${made} END`;
}

function cleanSql(type: Type, raw: string, stored: BoundInput['stored'], decimals = MOST_DECIMALS): string {
  if (type.kind === 'code')
    return `CASE WHEN ${raw} IN (${type.codes.map(sqlText).join(', ')}) THEN ${raw} END`;
  if (type.kind === 'boolean') return `CASE ${raw} WHEN 'true' THEN true WHEN 'false' THEN false END`;
  if (type.kind === 'date') return dateSql(raw);
  const whole = type.dimension === YEAR;
  if (stored !== 'fact') return `CASE WHEN ${inRange(raw, type.range)} THEN ${raw} END`;
  // A fact is text of any kind: the pattern is tested before the cast, so that a malformed one is missing,
  // not an error.
  const pattern = whole ? '^[0-9]{4}$' : `^-?[0-9]{1,15}([.][0-9]{1,${decimals}})?$`;
  const good = `CASE WHEN ${raw} ~ '${pattern}' THEN ${inRange(`${raw}::numeric`, type.range)} ELSE false END`;
  return `CASE WHEN ${good} THEN ${raw}::numeric END`;
}

/** Bounds on both sides also keep out NaN and infinity, which numeric columns admit. */
function inRange(number: string, range: Interval): string {
  const [min, max] = [sqlNumber(formatDecimal(range.min!)), sqlNumber(formatDecimal(range.max!))];
  return `${number} >= ${min} AND ${number} <= ${max}`;
}

/** A stored column in the tariff's terms: years as numeric, areas in the tariff's unit. */
function columnSql(column: string, storage: Storage, units: AreaUnit): string {
  if (storage === 'text') return column;
  if (storage === 'numeric') return `${column}::numeric`;
  return areaSql(column, units);
}

function areaSql(raw: string, units: AreaUnit): string {
  const factor = decimal(areaFactor(units));
  if (formatDecimal(factor) === '1') return raw;
  const inverse = reciprocal(factor);
  if (inverse) return `(${raw} * ${sqlNumber(formatDecimal(inverse))})`;
  return `round(${raw} / (${sqlNumber(formatDecimal(factor))} * 1.${'0'.repeat(AREA_SCALE * 2)}), ${AREA_SCALE})`;
}

function withDefault(declaration: InputDeclaration, type: Type, raw: string, clean: string): string {
  const value = declaration.default;
  if (value === undefined) return clean;
  const wrong = (message: string): never => {
    throw new FormulaFault('value', value, message, 'Correct or remove the default.');
  };
  if (declaration.optional) wrong('An input with a default is never unknown.');
  if (type.kind === 'boolean' && (value === 'true' || value === 'false')) {
    return `CASE WHEN ${raw} IS NULL THEN ${value} ELSE ${clean} END`;
  }
  if (type.kind === 'code' && type.codes.includes(value)) {
    return `CASE WHEN ${raw} IS NULL THEN ${sqlText(value)} ELSE ${clean} END`;
  }
  return wrong('Only a boolean or a code may have a default, and it must be one of its values.');
}

/** The input, with the condition under which it is needed although it is optional. */
export function neededWhen(input: BoundInput, condition: string): BoundInput {
  const { column, rawColumn } = input;
  return { ...input, missingSql: `(${column} IS NULL AND (${rawColumn} IS NOT NULL OR ${condition}))` };
}
