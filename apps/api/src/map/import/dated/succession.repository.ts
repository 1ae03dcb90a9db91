import { Problem } from '../../../core/problem.js';
import type { Tx } from '../../../platform/database/tx.js';
import type { Plan } from '../staging.repository.js';

/**
 * A layer that the law dates keeps each delimitation: a later file under the same keys ends the features of
 * the earlier one and makes new ones. An ended feature gives its key up to its successor, and bears it with
 * the day on which it began: `ward/7@2011-04-01`. As SQL; `days` is the range of which the first day counts.
 */
export function endedKeySql(key: string, days: string): string {
  return `${key} || '@' || to_char(lower(${days}::daterange), 'YYYY-MM-DD')`;
}

type KeepOld = (ids: string) => Promise<void>;

/** Finds the features that a later file ended. `differs` is SQL over `t` and `r`, without the days. */
export async function matchEnded(tx: Tx, plan: Plan, differs: string): Promise<void> {
  await tx.run(
    `UPDATE import_rows r SET old_id = t.id, state = CASE WHEN ${differs} THEN NULL ELSE 'unchanged' END
     FROM ${plan.layer.table} t WHERE t.ulb_id = $1 AND t.source_key = ${endedKeySql('r.key', '$2')}
       AND r.state IS NULL`,
    [tx.ctx.ulbId, plan.effective],
  );
}

/** Throws a Problem (409) where the file is older than what stands under its keys. */
export async function refuseEarlier(tx: Tx, { layer, effective }: Plan): Promise<void> {
  const later = await tx.maybe<{ key: string; start: string; from: string }>(
    `SELECT r.key, lower(t.effective)::text AS start, lower($2::daterange)::text AS from FROM import_rows r
     JOIN ${layer.table} t ON t.ulb_id = $1 AND t.id = r.old_id AND t.source_key = r.key
     WHERE r.state IS NULL AND lower(t.effective) > lower($2::daterange) ORDER BY r.row_no LIMIT 1`,
    [tx.ctx.ulbId, effective],
  );
  if (!later) return;
  throw new Problem(
    409,
    'delimitation-earlier',
    `The file holds from ${later.from}, but ${later.key} stands from ${later.start}. Bring an earlier ` +
      'delimitation under a keyPrefix of its own, with the day on which it ended.',
  );
}

/** Ends what began earlier and differs from its row, which then comes in as a new feature. */
export async function endOlder(tx: Tx, plan: Plan, keepOld: KeepOld): Promise<void> {
  await tx.run('DROP TABLE IF EXISTS import_ended');
  await tx.run(
    `CREATE TEMP TABLE import_ended ON COMMIT DROP AS SELECT t.id FROM import_rows r
     JOIN ${plan.layer.table} t ON t.ulb_id = $1 AND t.id = r.old_id AND t.source_key = r.key
     WHERE r.state IS NULL AND lower(t.effective) < lower($2::daterange)`,
    [tx.ctx.ulbId, plan.effective],
  );
  await end(tx, plan, keepOld);
  await tx.run(
    'UPDATE import_rows SET old_id = NULL WHERE state IS NULL AND old_id IN (SELECT id FROM import_ended)',
  );
}

/**
 * Of what a complete file lacks (`import_gone`), ends what began before the file's first day, and leaves in
 * `import_gone` only what began on that day: a delimitation of other days is not this file's. Returns how
 * many were ended.
 */
export async function closeAbsent(tx: Tx, plan: Plan, keepOld: KeepOld): Promise<number> {
  const { table } = plan.layer;
  await tx.run('DROP TABLE IF EXISTS import_ended');
  await tx.run(
    `CREATE TEMP TABLE import_ended ON COMMIT DROP AS SELECT t.id FROM import_gone g JOIN ${table} t
       ON t.ulb_id = $1 AND t.id = g.id
     WHERE t.effective @> lower($2::daterange) AND lower(t.effective) < lower($2::daterange)`,
    [tx.ctx.ulbId, plan.effective],
  );
  await tx.run(
    `DELETE FROM import_gone g USING ${table} t WHERE t.ulb_id = $1 AND t.id = g.id
       AND (lower(t.effective) <> lower($2::daterange)
         OR EXISTS (SELECT FROM (SELECT key FROM import_seen UNION ALL SELECT key FROM import_spared) AS s
           WHERE t.source_key = ${endedKeySql('s.key', '$2')}))`,
    [tx.ctx.ulbId, plan.effective],
  );
  return end(tx, plan, keepOld);
}

async function end(tx: Tx, plan: Plan, keepOld: KeepOld): Promise<number> {
  await keepOld('SELECT id FROM import_ended');
  return tx.run(
    `UPDATE ${plan.layer.table} t SET version = t.version + 1, changeset_id = $2, recorded_at = $3,
       source_key = ${endedKeySql('t.source_key', 't.effective')},
       effective = daterange(lower(t.effective), least(upper(t.effective), lower($4::daterange)))
     WHERE t.ulb_id = $1 AND t.id IN (SELECT id FROM import_ended)`,
    [tx.ctx.ulbId, plan.changesetId, tx.ctx.now, plan.effective],
  );
}
