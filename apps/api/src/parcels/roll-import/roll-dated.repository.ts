import { Problem } from '../../core/problem.js';
import type { Tx } from '../../platform/database/tx.js';

/** What a row of the roll says about one dated table: its first unit, or its first owner. */
export interface DatedPart {
  table: 'units' | 'owners';
  numberColumn: 'unit_no' | 'owner_no';
  /** `from` is SQL over `r`, a row of the roll. */
  columns: { name: string; from: string }[];
  /** SQL over `r`: whether the row says anything about this table. */
  named: string;
}

/**
 * A roll may not change what holds from a later day than its own: the later state is the newer word. Throws
 * a Problem (422) that names the first such property and both days.
 */
export async function refuseEarlier(tx: Tx, effectiveFrom: string): Promise<void> {
  const starts = (table: string) =>
    `SELECT r.line, r.number, lower(x.effective) AS start FROM roll_rows r JOIN ${table} x ON x.ulb_id = $1
       AND x.property_id = r.property_id AND lower(x.effective) > $2::date WHERE r.state = 'changed'`;
  const first = await tx.maybe<{ line: number; number: string; start: string; properties: number }>(
    `SELECT line, number, start::text, count(*) OVER ()::int AS properties FROM (
       SELECT DISTINCT ON (line) line, number, start FROM (${starts('units')} UNION ALL ${starts('owners')})
         AS s ORDER BY line, start DESC) AS d ORDER BY line LIMIT 1`,
    [tx.ctx.ulbId, effectiveFrom],
  );
  if (!first) return;
  throw new Problem(
    422,
    'roll-earlier',
    `The roll holds from ${effectiveFrom}, but property ${first.number} (line ${first.line}) is recorded as it
      stands from ${first.start} (${first.properties} such in all). Give an effectiveFrom of that day or
      later, or leave these rows out.`.replace(/\s+/g, ' '),
  );
}

/**
 * Writes the state that holds from the roll's day. A state that began earlier ends on that day and stays on
 * record, so that an assessment of an earlier year reads what held then; one that began on the very day is
 * corrected in place.
 */
export async function writeDated(tx: Tx, effectiveFrom: string, part: DatedPart): Promise<void> {
  const { table, numberColumn, columns, named } = part;
  const values = [tx.ctx.ulbId, tx.ctx.now, effectiveFrom];
  const sets = columns.map(({ name, from }) => `, ${name} = ${from}`).join('');
  const differs = columns.map(({ name, from }) => `x.${name} IS DISTINCT FROM ${from}`).join(' OR ');
  const meant = `x.ulb_id = $1 AND x.property_id = r.property_id AND x.${numberColumn} = 1
    AND r.state = 'changed' AND ${named} AND (${differs || 'false'})`;
  await tx.run(
    `UPDATE ${table} x SET recorded_at = $2${sets} FROM roll_rows r
     WHERE ${meant} AND lower(x.effective) = $3::date`,
    values,
  );
  await tx.run(
    `CREATE TEMP TABLE roll_ended ON COMMIT DROP AS SELECT x.* FROM ${table} x JOIN roll_rows r ON ${meant}
     WHERE x.effective @> $2::date AND lower(x.effective) < $2::date`,
    [tx.ctx.ulbId, effectiveFrom],
  );
  await tx.run(
    `UPDATE ${table} x SET effective = daterange(lower(x.effective), $2::date) FROM roll_ended e
     WHERE x.ulb_id = $1 AND x.property_id = e.property_id AND x.${numberColumn} = 1
       AND x.effective = e.effective`,
    [tx.ctx.ulbId, effectiveFrom],
  );
  // What the file does not fill goes on as it was.
  await tx.run(
    `UPDATE roll_ended x SET recorded_at = $1, effective = daterange($2::date, upper(x.effective))${sets}
     FROM roll_rows r WHERE r.property_id = x.property_id`,
    [tx.ctx.now, effectiveFrom],
  );
  await tx.run(`INSERT INTO ${table} SELECT * FROM roll_ended`);
  await tx.run('DROP TABLE roll_ended');
  const names = columns.map(({ name }) => `, ${name}`).join('');
  const froms = columns.map(({ from }) => `, ${from}`).join('');
  await tx.run(
    `INSERT INTO ${table} (ulb_id, property_id, ${numberColumn}, effective, recorded_at${names})
     SELECT $1, r.property_id, 1, daterange($3::date, NULL), $2${froms} FROM roll_rows r
     WHERE ${named} AND (r.state = 'new' OR (r.state = 'changed' AND NOT EXISTS (SELECT FROM ${table} x
       WHERE x.ulb_id = $1 AND x.property_id = r.property_id AND x.${numberColumn} = 1
         AND x.effective @> $3::date)))`,
    values,
  );
}
