import type { Column, Program } from '../program.js';
import { array, item, literal, object, shown } from './explain.js';
import { rebatesMissingSql } from './stages.js';

const COMPLETE = 'p__rebates_complete';

/** The columns of the rebates, one after the other in the order of the file. */
export function rebateColumns(program: Program): Column[] {
  return [
    { name: 'p__rebates_missing', sql: rebatesMissingSql(program) },
    { name: COMPLETE, sql: `(p__complete AND p__rebates_missing = '')` },
    ...(program.rebatePart?.rebates ?? []).flatMap((rebate) => [rebate.base, rebate.column]),
  ];
}

/**
 * The members that rebates add to an explanation; NULL amounts where an input that only rebates read is
 * missing.
 */
export function explainedRebates(program: Program, total: string): Record<string, string> {
  const rebates = program.rebatePart?.rebates ?? [];
  const taken = rebates.map((rebate) => ` - ${rebate.column.name}`).join('');
  return {
    payment: object({ on: '($5::date)::text', inFull: '$6::boolean' }),
    rebatesMissing: `nullif(string_to_array(p__rebates_missing, chr(31)), '{}')`,
    rebates: array(
      rebates.map(({ declaration, head, amount, when, base, column }) => {
        const result = `CASE WHEN ${COMPLETE} THEN ${shown(column.name, amount.type)} END`;
        return item(declaration, declaration.formula, amount, result, {
          head: literal(head),
          given: literal(declaration.given),
          base: shown(base.name, amount.type),
          when: literal(declaration.when),
          granted: when ? `(${COMPLETE} AND ${when.sql})` : COMPLETE,
          paise: `CASE WHEN ${COMPLETE} THEN (${column.name} * 100)::bigint::text END`,
        });
      }),
    ),
    netPaise: `CASE WHEN ${COMPLETE} THEN ((${total}${taken}) * 100)::bigint::text END`,
  };
}
