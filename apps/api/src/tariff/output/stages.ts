import { ALIAS, type BoundInput, type InputLevel } from '../binding.js';
import type { Column, Program } from '../program.js';
import { membersSql, memberOf, type Member } from './json.js';
import { layered, reach } from './layers.js';
import { previousJoins } from './previous.js';

/** Separates names of missing inputs while they are collected as one text. */
const SEPARATOR = 'chr(31)';
const LONGEST_VALUE = 60;

/** Which properties a statement goes over. */
export interface Selection {
  /** A condition on `p`. */
  readonly properties: string;
  /** A condition on the rows of a property, whose table has the given alias. */
  rows(alias: string): string;
}

/** $4 and $5 bound the ids, $6 lists the wards or is NULL. */
export const CHUNK: Selection = {
  properties:
    'p.id >= $4::uuid AND p.id <= $5::uuid AND ($6::text[] IS NULL OR p.ward_number = ANY ($6::text[]))',
  rows: (alias) => `${alias}.property_id >= $4::uuid AND ${alias}.property_id <= $5::uuid`,
};

/** $4 is the one property. */
export const ONE: Selection = {
  properties: 'p.id = $4::uuid',
  rows: (alias) => `${alias}.property_id = $4::uuid`,
};

/** More per row than a run needs: a further column of each stage, as SQL, for explanations. */
export interface Extra {
  readonly unit?: string;
  readonly owner?: string;
}

export function inputsOf(program: Program, level: InputLevel): BoundInput[] {
  return program.inputs.filter((input) => input.level === level);
}

/** True when the statement reads the units or owners at all. */
export function reads(program: Program, level: 'unit' | 'owner'): boolean {
  return (
    inputsOf(program, level).length > 0 ||
    program.names.aggregates.some((aggregate) => aggregate.level === level) ||
    (level === 'unit' && program.steps.some((step) => step.level === 'unit'))
  );
}

/** True when what is owed rests on the units or owners; rebates alone ask less. */
function requires(program: Program, level: 'unit' | 'owner'): boolean {
  const part = program.rebatePart;
  return (
    inputsOf(program, level).some((input) => !part?.inputs.has(input)) ||
    program.names.aggregates.some(
      (aggregate) => aggregate.level === level && !part?.aggregates.has(aggregate),
    ) ||
    (level === 'unit' && program.steps.some((step) => step.level === 'unit'))
  );
}

function owedInputs(program: Program, level: InputLevel): BoundInput[] {
  return inputsOf(program, level).filter((input) => !program.rebatePart?.inputs.has(input));
}

/** The column that names the missing inputs which only rebates read. */
function rebateMiss(program: Program, level: InputLevel): Column[] {
  if (!program.rebatePart) return [];
  const inputs = inputsOf(program, level).filter((input) => program.rebatePart!.inputs.has(input));
  return [{ name: `${ALIAS[level]}__rebate_miss`, sql: missSql(inputs, [], level) }];
}

/** Everything that keeps the rebates from being known, as one SQL text, '' when nothing does. */
export function rebatesMissingSql(program: Program): string {
  const parts = ['p__rebate_miss'];
  for (const level of ['unit', 'owner'] as const) {
    if (!reads(program, level)) continue;
    const alias = ALIAS[level];
    parts.push(`${alias}__rebate_miss`);
    if (level === 'owner') parts.push(`CASE WHEN o__property_id IS NULL THEN 'no_owners' END`);
  }
  return `concat_ws(${SEPARATOR}, ${parts.join(', ')})`;
}

export function propertyRebateMiss(program: Program): Column[] {
  return rebateMiss(program, 'property');
}

/**
 * Names each missing input, with the value that was refused: `unit.use=garage`. NULL when nothing is missing.
 */
function missSql(inputs: readonly BoundInput[], steps: readonly Column[], level: InputLevel): string {
  const prefix = level === 'property' ? '' : `${level}.`;
  const test = [...inputs.map((input) => input.missingSql), ...steps.map((step) => `${step.name} IS NULL`)];
  if (test.length === 0) return 'NULL::text';
  const parts = inputs.map((input) => {
    const value = `coalesce('=' || left(${input.rawColumn}::text, ${LONGEST_VALUE}), '')`;
    return `CASE WHEN ${input.missingSql} THEN '${prefix}${input.name}' || ${value} END`;
  });
  const stepNames = steps.map(
    (step) => `CASE WHEN ${step.name} IS NULL THEN '${prefix}${step.name.slice(2)}' END`,
  );
  const listed = (names: readonly string[]) =>
    names.length ? `concat_ws(${SEPARATOR}, ${names.join(', ')})` : `''`;
  const names = `coalesce(nullif(${listed(parts)}, ''), ${listed(stepNames)})`;
  return `CASE WHEN ${test.join(' OR ')} THEN ${names} END`;
}

/** The columns of a step; of a bounded one the last may be NULL, which makes the property an exception. */
function boundedSteps(program: Program, level: 'unit' | 'property'): Column[] {
  const steps = program.steps.filter((step) => step.level === level && step.declaration.domain);
  return steps.map((step) => step.columns.at(-1)!);
}

export function stepMembers(program: Program, level: 'unit' | 'property'): Member[] {
  return program.steps
    .filter((step) => step.level === level)
    .map(({ declaration, symbol }) => {
      return { key: declaration.name, column: symbol.sql, type: symbol.type, nullable: false };
    });
}

const cleanColumn = (input: BoundInput): Column => ({ name: input.column, sql: input.cleanSql });

/** All columns of the property's level, and those that can be known before units are added up. */
export function propertyColumns(program: Program): Column[] {
  const steps = program.steps.filter((step) => step.level === 'property');
  return [...inputsOf(program, 'property').map(cleanColumn), ...steps.flatMap((step) => step.columns)];
}

/**
 * One row per property from its units (or owners): the missing inputs `u_miss`, their JSON `u__inputs` and
 * `u__steps`, and the aggregates. Rows come in the order of their number, so that the JSON lists them so.
 */
export function rowsStage(
  program: Program,
  level: 'unit' | 'owner',
  selection: Selection,
  extra?: string,
): string {
  const alias = ALIAS[level];
  const inputs = inputsOf(program, level);
  const steps = program.steps.filter((step) => step.level === level);
  const own = [...inputs.map(cleanColumn), ...steps.flatMap((step) => step.columns)];
  const aggregates = program.names.aggregates.filter((aggregate) => aggregate.level === level);
  const wanted = reach(
    [...own.map((c) => c.sql), ...aggregates.map((a) => a.sql), extra ?? ''],
    propertyColumns(program),
  );
  const shared = propertyColumns(program).filter((column) => wanted.has(column.name));
  const sharedInputs = inputsOf(program, 'property').filter((input) => wanted.has(input.rawColumn));
  const complete = `${alias}__miss IS NULL`;
  const bounded = level === 'unit' ? boundedSteps(program, 'unit') : [];
  const no: Member = { key: 'no', column: `${alias}__no`, type: { kind: 'boolean' }, nullable: false };
  const columns: Column[] = [
    ...shared,
    ...own,
    { name: `${alias}__miss`, sql: missSql(owedInputs(program, level), bounded, level) },
    ...rebateMiss(program, level),
    { name: `${alias}__json`, sql: `'{' || ${membersSqlOf([no, ...inputs.map(memberOf)], complete)} || '}'` },
  ];
  if (steps.length > 0) {
    const members = [no, ...stepMembers(program, 'unit')];
    columns.push({ name: `${alias}__steps_json`, sql: `'{' || ${membersSqlOf(members, complete)} || '}'` });
  }
  const collected = [
    `string_agg(${alias}__miss, ${SEPARATOR}) AS ${alias}__miss`,
    ...rebateMiss(program, level).map(({ name }) => `string_agg(${name}, ${SEPARATOR}) AS ${name}`),
    `string_agg(${alias}__json, ',') AS ${alias}__inputs`,
    ...(steps.length > 0 ? [`string_agg(${alias}__steps_json, ',') AS ${alias}__steps`] : []),
    ...aggregates.map((aggregate) => `${aggregate.sql} AS ${aggregate.column}`),
    ...(extra ? [`json_agg(${extra} ORDER BY ${alias}__no) AS ${alias}__explained`] : []),
  ];
  const base = rowsBase(level, [...inputs, ...sharedInputs], selection);
  return `SELECT ${alias}__property_id, ${collected.join(',\n  ')}
FROM (${layered(base, columns, `${alias}__property_id, ${alias}__no`)} OFFSET 0) g GROUP BY ${alias}__property_id`;
}

function membersSqlOf(members: readonly Member[], complete: string): string {
  return `(${membersSql(members, complete)})`;
}

function rowsBase(level: 'unit' | 'owner', inputs: readonly BoundInput[], selection: Selection): string {
  const alias = ALIAS[level];
  const raws = inputs.map((input) => `, ${input.rawSql} AS ${input.rawColumn}`).join('');
  const shared = inputs.some((input) => input.level === 'property' && input.carried === undefined);
  // coalesce() hides the range operator from the planner, which under row-level security may not read its
  // statistics and would expect one live row in two hundred.
  const join = shared
    ? `JOIN properties p ON p.ulb_id = ${alias}.ulb_id AND p.id = ${alias}.property_id
  AND p.ulb_id = $1::int AND ${selection.properties}\n`
    : '';
  const where = `WHERE ${alias}.ulb_id = $1::int AND ${selection.rows(alias)}
  AND coalesce(${alias}.effective @> $3::date, false)`;
  const names = `${alias}.property_id AS ${alias}__property_id, ${alias}.${level}_no AS ${alias}__no`;
  const before = inputs.filter((input) => input.carried !== undefined);
  if (before.length === 0) {
    return `SELECT ${names}${raws}\nFROM ${level}s ${alias}\n${join}${where}
ORDER BY ${alias}.property_id, ${alias}.${level}_no`;
  }
  const current = inputs.filter((input) => input.carried === undefined);
  const stored = current.map((input) => `, ${input.rawSql} AS ${input.rawColumn}`).join('');
  const carried = before.map((input) => `, ${input.rawSql} AS ${input.rawColumn}`).join('');
  return `SELECT * FROM (SELECT ${alias}c.*${carried}
FROM (SELECT ${names}${stored}\nFROM ${level}s ${alias}\n${join}${where}) ${alias}c
${previousJoins(before, `${alias}c.${alias}__property_id`, `${alias}c.${alias}__no`, selection)}
OFFSET 0) b WHERE ${alias}__property_id IS NOT NULL
ORDER BY ${alias}__property_id, ${alias}__no`;
}

/**
 * One row per property with everything that its formulas read; rows without a property_id are to be dropped
 * by the caller. FULL JOIN is never done as a nested loop, which a LEFT JOIN becomes on a table without
 * statistics: a freshly imported roll would then be added up once for each of its properties.
 */
export function propertyBase(program: Program, selection: Selection, extra: Extra = {}): string {
  const raws = inputsOf(program, 'property').map((input) => `, ${input.rawSql} AS ${input.rawColumn}`);
  const joins: string[] = [];
  for (const level of ['unit', 'owner'] as const) {
    if (!reads(program, level)) continue;
    const alias = ALIAS[level];
    const stage = rowsStage(program, level, selection, extra[level]);
    joins.push(`FULL JOIN (${stage}) ${alias}g ON ${alias}g.${alias}__property_id = p.id`);
    raws.push(`, ${alias}g.*`);
  }
  const before = inputsOf(program, 'property').filter((input) => input.carried !== undefined);
  joins.push(previousJoins(before, 'p.id', 'NULL', selection));
  // $2 is named here too, so that its type is known in a tariff whose formulas do not ask for the year.
  const properties = `SELECT * FROM properties p WHERE p.ulb_id = $1::int AND p.status = 'active'
  AND $2::int IS NOT NULL AND $3::date IS NOT NULL AND ${selection.properties}`;
  return `SELECT p.id AS property_id, p.ward_number AS ward_number, p.number AS property_number${raws.join('')}
FROM (${properties}) p
${joins.join('\n')}`;
}

/**
 * The names of everything that keeps a property from being assessed, as SQL texts joined by the separator.
 */
export function allMissingSql(program: Program): string {
  const parts = ['p__miss'];
  for (const level of ['unit', 'owner'] as const) {
    if (!requires(program, level)) continue;
    const alias = ALIAS[level];
    parts.push(`${alias}__miss`);
    if (level === 'unit' && program.file.without_units === 'assess') continue;
    parts.push(`CASE WHEN ${alias}__property_id IS NULL THEN 'no_${level}s' END`);
  }
  const named = `concat_ws(${SEPARATOR}, ${parts.join(', ')})`;
  const heads = program.heads.map(
    (head) => `CASE WHEN ${head.symbol.sql} IS NULL THEN '${head.declaration.name}' END`,
  );
  return `string_to_array(coalesce(nullif(${named}, ''), concat_ws(${SEPARATOR}, ${heads.join(', ')})), ${SEPARATOR})`;
}

/** True when the property can be assessed. */
export function completeSql(program: Program): string {
  const parts = ['p__miss IS NULL'];
  for (const level of ['unit', 'owner'] as const) {
    if (!requires(program, level)) continue;
    const alias = ALIAS[level];
    parts.push(`${alias}__miss IS NULL`);
    if (level === 'owner' || program.file.without_units === 'exception') {
      parts.push(`${alias}__property_id IS NOT NULL`);
    }
  }
  return [...parts, ...program.heads.map((head) => `${head.symbol.sql} IS NOT NULL`)].join(' AND ');
}

/** What is missing of the property's own inputs and bounded steps. */
export function propertyMissSql(program: Program): string {
  return missSql(owedInputs(program, 'property'), boundedSteps(program, 'property'), 'property');
}
