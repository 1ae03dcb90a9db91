import type { Column, Program } from '../program.js';
import { assessmentColumns } from './chunk.js';
import { array, item, literal, object, shown } from './explain.js';
import { layered } from './layers.js';
import { CHUNK, propertyBase, propertyRebateMiss, rebatesMissingSql } from './stages.js';

const COMPLETE = 'p__rebates_complete';

/** The columns of the rebates, one after the other in the order of the file. */
export function rebateColumns(program: Program): Column[] {
  return [
    { name: 'p__rebates_missing', sql: rebatesMissingSql(program) },
    { name: COMPLETE, sql: `(p__complete AND p__rebates_missing = '')` },
    ...(program.rebatePart?.rebates ?? []).flatMap((rebate) => [
      rebate.base,
      rebate.column,
      ...rebate.shares,
    ]),
  ];
}

const paise = (sql: string) => `((${sql}) * 100)::bigint`;

/**
 * The members that rebates add to an explanation; NULL amounts where an input that only rebates read is
 * missing.
 */
export function explainedRebates(program: Program, total: string): Record<string, string> {
  const rebates = program.rebatePart?.rebates ?? [];
  const taken = rebates.map((rebate) => ` - ${rebate.column.name}`).join('');
  const all = program.file.instalments.map(({ n }) => n).join(', ');
  const known = (sql: string) => `CASE WHEN ${COMPLETE} THEN ${sql} END`;
  return {
    payment: object({ on: '($5::date)::text', inFull: `($6::int[] @> ARRAY[${all}])` }),
    rebatesMissing: `nullif(string_to_array(p__rebates_missing, chr(31)), '{}')`,
    rebates: array(
      rebates.map(({ declaration, head, instalment, amount, when, base, column, parts }) => {
        const result = known(shown(column.name, amount.type));
        const shares = program.file.instalments.map(({ n }, i) => {
          return object({ n, paise: known(`${paise(parts[i]!)}::text`) });
        });
        return item(declaration, declaration.formula, amount, result, {
          head: literal(head),
          instalment: instalment ?? 'NULL',
          given: literal(declaration.given),
          base: shown(base.name, amount.type),
          when: literal(declaration.when),
          granted: when ? `(${COMPLETE} AND ${when.sql})` : COMPLETE,
          paise: known(`${paise(column.name)}::text`),
          instalments: array(shares),
        });
      }),
    ),
    netPaise: known(`${paise(`${total}${taken}`)}::text`),
  };
}

/**
 * What the rebates on demand take off the properties of one chunk: see `CompiledCollection.rebateSelectSql`. Null
 * where the file gives none on demand.
 */
export function rebateSelectSql(program: Program): string | null {
  const part = program.rebatePart;
  const rebates = (part?.rebates ?? []).filter(({ declaration }) => declaration.given === 'demand');
  if (!part || rebates.length === 0) return null;
  const onDemand = { ...program, rebatePart: { ...part, rebates } };
  const columns = [
    ...assessmentColumns(onDemand),
    ...propertyRebateMiss(onDemand),
    ...rebateColumns(onDemand),
  ];
  const inner = layered(propertyBase(onDemand, CHUNK), columns);
  const parts = rebates.flatMap((rebate) => rebate.parts.map(paise)).join(', ');
  return `SELECT property_id, nullif(string_to_array(p__rebates_missing, chr(31)), '{}') AS rebates_missing,
  CASE WHEN ${COMPLETE} THEN ARRAY[${parts}] END AS rebates_paise
FROM (${inner} OFFSET 0) c WHERE property_id IS NOT NULL AND p__complete`;
}
