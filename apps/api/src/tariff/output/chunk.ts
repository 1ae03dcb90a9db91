import type { CompiledExemption, Column, Program } from '../program.js';
import { instalmentColumn, instalmentColumns } from './instalments.js';
import { knownMembersSql, memberOf, membersSql } from './json.js';
import { layered } from './layers.js';
import {
  allMissingSql,
  CHUNK,
  completeSql,
  inputsOf,
  propertyBase,
  propertyColumns,
  propertyMissSql,
  reads,
  stepMembers,
} from './stages.js';

/** Every column that an assessment of a property computes, from its inputs to its instalments. */
export function assessmentColumns(program: Program): Column[] {
  return [
    ...propertyColumns(program),
    { name: 'p__miss', sql: propertyMissSql(program) },
    ...program.exemptions.map((exemption) => ({ name: exemption.column, sql: exemption.value.sql })),
    ...program.heads.flatMap((head) => head.columns),
    { name: 'p__complete', sql: `(${completeSql(program)})` },
    ...instalmentColumns(program),
  ];
}

/**
 * The distinct names of what is missing, in order; the sub-query runs only for the few properties that lack
 * something.
 */
export function missingSql(program: Program): string {
  const names = `(SELECT array_agg(DISTINCT m ORDER BY m) FROM unnest(${allMissingSql(program)}) m)`;
  return `CASE WHEN p__complete THEN NULL ELSE ${names} END`;
}

/** True when every head is freed by some exemption that holds. */
export function exemptSql(program: Program): string {
  const covered = program.heads.map((head) => {
    const name = head.declaration.name;
    return program.exemptions
      .filter((exemption) => exemption.heads.includes(name))
      .map(({ column }) => column);
  });
  if (covered.some((columns) => columns.length === 0)) return 'false';
  return `(p__complete AND ${covered.map((columns) => `(${columns.join(' OR ')})`).join(' AND ')})`;
}

const paise = (column: string) => `(${column} * 100)::bigint`;

/** The arrays and sums of a complete property, in paise. */
export function amountColumns(program: Program): string[] {
  const heads = program.heads.map((head) => head.symbol.sql);
  const parts = program.heads.flatMap((head) => {
    return program.file.instalments.map((part) => instalmentColumn(head.declaration.name, part.n));
  });
  return [
    `CASE WHEN p__complete THEN ARRAY[${heads.map(paise).join(', ')}] END AS head_paise`,
    `CASE WHEN p__complete THEN ARRAY[${parts.map(paise).join(', ')}] END AS amounts_paise`,
    `CASE WHEN p__complete THEN ${paise(`(${heads.join(' + ')})`)} END AS total_paise`,
  ];
}

/** The SELECT of one chunk: see `CompiledTariff.chunkSelectSql`. */
export function chunkSelectSql(program: Program): string {
  const outer = [
    'property_id',
    'ward_number',
    `${missingSql(program)} AS missing`,
    `${exemptSql(program)} AS exempt`,
    `(${inputsJsonSql(program)})::json AS inputs`,
    `(CASE WHEN p__complete THEN ${stepsJsonSql(program)} END)::json AS steps`,
    ...amountColumns(program),
  ];
  const inner = layered(propertyBase(program, CHUNK), assessmentColumns(program));
  return `SELECT ${outer.join(',\n  ')}\nFROM (${inner} OFFSET 0) c WHERE property_id IS NOT NULL`;
}

/** `{"property":{...},"units":[...],"owners":[...]}`: the very values that were reckoned with. */
export function inputsJsonSql(program: Program): string {
  const own = inputsOf(program, 'property').map(memberOf);
  const parts = [`'{"property":{' || ${`(${membersSql(own, 'p__miss IS NULL')})`} || '}'`];
  if (reads(program, 'unit')) parts.push(`',"units":[' || coalesce(u__inputs, '') || ']'`);
  if (reads(program, 'owner')) parts.push(`',"owners":[' || coalesce(o__inputs, '') || ']'`);
  return `${parts.join(' || ')} || '}'`;
}

/** `{"property":{...},"exemptions":[...],"units":[...]}`: the values of all steps. */
function stepsJsonSql(program: Program): string {
  const own = stepMembers(program, 'property');
  const parts = [`'{"property":{' || ${knownMembersSql(own)} || '}'`];
  if (program.exemptions.length > 0)
    parts.push(`',"exemptions":[' || ${exemptionsSql(program.exemptions)} || ']'`);
  if (program.steps.some((step) => step.level === 'unit')) {
    parts.push(`',"units":[' || coalesce(u__steps, '') || ']'`);
  }
  return `${parts.join(' || ')} || '}'`;
}

function exemptionsSql(exemptions: readonly CompiledExemption[]): string {
  const names = exemptions.map(
    (exemption) => `CASE WHEN ${exemption.column} THEN '"${exemption.declaration.name}"' END`,
  );
  return `concat_ws(',', ${names.join(', ')})`;
}
