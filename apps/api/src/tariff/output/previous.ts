import { PREVIOUS, type BoundInput } from '../binding.js';
import { sqlText } from '../language/rounding.js';
import type { Selection } from './stages.js';

/**
 * Joins the remembered values of the given inputs, found by property and, for units, by their number. FULL JOIN for
 * the reason told at `propertyBase`: rows that stand only here are to be dropped by the caller. Nothing where
 * nothing is carried.
 */
export function previousJoins(
  inputs: readonly BoundInput[],
  propertyId: string,
  unitNo: string,
  selection: Selection,
): string {
  const joins = (['property', 'unit'] as const).map((level) => {
    const mine = inputs.filter((input) => input.level === level);
    if (mine.length === 0) return '';
    const alias = PREVIOUS[level];
    const match = level === 'unit' ? ` AND ${alias}.unit_no = ${unitNo}` : '';
    const source = level === 'unit' ? unitsSql(mine, selection) : propertySql(mine, selection);
    return `FULL JOIN (${source}) ${alias} ON ${alias}.property_id = ${propertyId}${match}`;
  });
  return joins.filter(Boolean).join('\n');
}

/**
 * The steps of each property's last published assessment of an earlier financial year. The runs are read into an
 * array once: joined, they would be looped over for each assessment where the planner has no statistics.
 */
function lastPublishedSql(selection: Selection): string {
  return `SELECT DISTINCT ON (a.property_id) a.property_id, a.steps
FROM assessments a
WHERE a.ulb_id = $1::int AND a.fy < $2::int AND ${selection.rows('a')}
  AND a.run_id = ANY (ARRAY(
    SELECT r.id FROM assessment_runs r WHERE r.ulb_id = $1::int AND r.published_at IS NOT NULL))
ORDER BY a.property_id, a.fy DESC, a.assessment_no DESC`;
}

function propertySql(inputs: readonly BoundInput[], selection: Selection): string {
  const values = inputs.map(
    ({ carried }) => `, s.steps -> 'property' ->> ${sqlText(carried!)} AS "${carried!}"`,
  );
  return `SELECT s.property_id${values.join('')} FROM (${lastPublishedSql(selection)}) s`;
}

function unitsSql(inputs: readonly BoundInput[], selection: Selection): string {
  const names = inputs.map(({ carried }) => carried!);
  const columns = names.map((name) => `"${name}" text`).join(', ');
  return `SELECT s.property_id, e."no" AS unit_no${names.map((name) => `, e."${name}"`).join('')}
FROM (${lastPublishedSql(selection)}) s
CROSS JOIN LATERAL json_to_recordset(s.steps -> 'units') AS e("no" smallint, ${columns})`;
}
