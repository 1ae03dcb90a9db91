import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';
import { closeAbsent, endOlder, matchEnded, refuseEarlier } from './dated/succession.repository.js';
import { runWith } from './used-values.js';
import type { Plan } from './staging.repository.js';

export interface Applied {
  created: number;
  changed: number;
  unchanged: number;
}

/** A feature that its source no longer has, but that something else stands on. */
export interface StillUsed {
  key: string;
  number: string | null;
  lon: number;
  lat: number;
}

/**
 * Writes checked rows into the layer's table: what is new, what changed with its old version kept, nothing
 * else.
 */
@Injectable()
export class ApplyRepository {
  /** True where the layer has features from files, which this one may bring again. */
  async meetsOld(tx: Tx, table: string): Promise<boolean> {
    const found = await tx.maybe(
      `SELECT 1 AS one FROM ${table} WHERE ulb_id = $1 AND source_key IS NOT NULL LIMIT 1`,
      [tx.ctx.ulbId],
    );
    return found !== null;
  }

  async apply(tx: Tx, plan: Plan): Promise<Applied> {
    const { table } = plan.layer;
    const columns = this.columns(plan);
    if (plan.meetsOld) await this.match(tx, plan, columns);
    if (plan.meetsOld && plan.effective) {
      await refuseEarlier(tx, plan);
      await endOlder(tx, plan, (ids) => this.keepOld(tx, plan, ids));
    }
    const values = [tx.ctx.ulbId, plan.changesetId, tx.ctx.now, plan.effective];
    const created = await runWith(
      tx,
      `INSERT INTO ${table} (ulb_id, id, changeset_id, recorded_at, source_key, geom${list(columns)}${
        plan.effective ? ', effective' : ''
      })
       SELECT $1, uuid_v7(), $2, $3, key, geom${list(columns, 'r.')}${plan.effective ? ', $4::daterange' : ''}
       FROM import_rows r WHERE state IS NULL AND old_id IS NULL ORDER BY geom`,
      values,
    );
    if (!plan.meetsOld) return { created, changed: 0, unchanged: 0 };
    const changed = await this.change(tx, plan, columns);
    const { unchanged } = await tx.one<{ unchanged: number }>(
      "SELECT count(*)::int AS unchanged FROM import_rows WHERE state = 'unchanged'",
    );
    return { created, changed, unchanged };
  }

  private columns(plan: Plan): string[] {
    const names = plan.staged.columns.map(({ column }) => column.name);
    return plan.fillsWard ? [...names, 'ward_number'] : names;
  }

  /** Finds each row's feature by key, and whether anything of it differs. */
  private async match(tx: Tx, plan: Plan, columns: string[]): Promise<void> {
    const differs = ['geom', ...columns].map((column) => `t.${column} IS DISTINCT FROM r.${column}`);
    if (plan.effective) {
      await matchEnded(tx, plan, differs.join(' OR '));
      differs.push('t.effective <> $2::daterange');
    }
    await runWith(
      tx,
      `UPDATE import_rows r SET old_id = t.id, state = CASE WHEN ${differs.join(' OR ')} THEN NULL
        ELSE 'unchanged' END
       FROM ${plan.layer.table} t WHERE t.ulb_id = $1 AND t.source_key = r.key AND r.state IS NULL
         AND r.old_id IS NULL`,
      [tx.ctx.ulbId, plan.effective],
    );
  }

  private async change(tx: Tx, plan: Plan, columns: string[]): Promise<number> {
    const { table } = plan.layer;
    await this.keepOld(tx, plan, 'SELECT old_id FROM import_rows WHERE state IS NULL AND old_id IS NOT NULL');
    const sets = ['geom', ...columns].map((column) => `${column} = r.${column}`);
    // What a later delimitation ended stays ended when the file of its own days corrects it.
    if (plan.effective) {
      sets.push('effective = CASE WHEN t.source_key = r.key THEN $4::daterange ELSE t.effective END');
    }
    return runWith(
      tx,
      `UPDATE ${table} t SET version = t.version + 1, changeset_id = $2, recorded_at = $3, ${sets.join(', ')}
       FROM import_rows r WHERE t.ulb_id = $1 AND t.id = r.old_id AND r.state IS NULL`,
      [tx.ctx.ulbId, plan.changesetId, tx.ctx.now, plan.effective],
    );
  }

  /** Copies the versions that end into the history. `ids` is a query of the features' ids. */
  private async keepOld(tx: Tx, plan: Plan, ids: string): Promise<void> {
    const { table } = plan.layer;
    const { names } = await tx.one<{ names: string }>(
      `SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS names FROM pg_attribute
       WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped`,
      [table],
    );
    await tx.run(
      `INSERT INTO ${table}_history (${names}, ended_changeset_id, ended_at)
       SELECT ${names}, $2, $3 FROM ${table} WHERE ulb_id = $1 AND id IN (${ids})`,
      [tx.ctx.ulbId, plan.changesetId, tx.ctx.now],
    );
  }

  /**
   * Ends what a complete source no longer has, but for what is still used elsewhere. Returns how many
   * features were retired, and which were not.
   */
  async retire(tx: Tx, plan: Plan): Promise<{ retired: number; stillUsed: StillUsed[] }> {
    const { table, inUse, numberColumn } = plan.layer;
    const prefix = plan.mapping.keyPrefix;
    await tx.run(
      `CREATE TEMP TABLE import_gone ON COMMIT DROP AS SELECT id FROM ${table} t
       WHERE t.ulb_id = $1 AND t.source_key IS NOT NULL AND left(t.source_key, length($2)) = $2
         AND NOT EXISTS (SELECT FROM import_seen s WHERE s.key = t.source_key)
         AND NOT EXISTS (SELECT FROM import_spared s WHERE s.key = t.source_key)`,
      [tx.ctx.ulbId, prefix],
    );
    let stillUsed: StillUsed[] = [];
    if (inUse) {
      const used = `EXISTS (SELECT FROM ${inUse.table} u WHERE u.ulb_id = $1 AND u.${inUse.column} = t.id)`;
      stillUsed = await tx.rows<StillUsed>(
        `SELECT t.source_key AS key, t.${numberColumn} AS number, ST_X(p) AS lon, ST_Y(p) AS lat
         FROM import_gone g JOIN ${table} t USING (id) CROSS JOIN LATERAL ST_PointOnSurface(t.geom) AS p
         WHERE t.ulb_id = $1 AND ${used} ORDER BY t.source_key`,
        [tx.ctx.ulbId],
      );
      await tx.run(`DELETE FROM import_gone t WHERE ${used}`, [tx.ctx.ulbId]);
    }
    const closed = plan.effective ? await closeAbsent(tx, plan, (ids) => this.keepOld(tx, plan, ids)) : 0;
    await this.keepOld(tx, plan, 'SELECT id FROM import_gone');
    const retired = await tx.run(
      `DELETE FROM ${table} WHERE ulb_id = $1 AND id IN (SELECT id FROM import_gone)`,
      [tx.ctx.ulbId],
    );
    return { retired: retired + closed, stillUsed };
  }

  /** The ground in EPSG:3857 that the changeset touched, before and after it; null where it touched none. */
  async ground(tx: Tx, { layer, changesetId }: Plan): Promise<[number, number, number, number] | null> {
    const { w, s, e, n } = await tx.one<{ w: number | null; s: number; e: number; n: number }>(
      `SELECT ST_XMin(b) AS w, ST_YMin(b) AS s, ST_XMax(b) AS e, ST_YMax(b) AS n
        FROM (SELECT ST_Extent(geom_3857) AS b FROM (
         SELECT geom_3857 FROM ${layer.table} WHERE ulb_id = $1 AND changeset_id = $2
         UNION ALL SELECT geom_3857 FROM ${layer.table}_history WHERE ulb_id = $1
           AND ended_changeset_id = $2) AS g) AS x`,
      [tx.ctx.ulbId, changesetId],
    );
    return w === null ? null : [w, s, e, n];
  }

  /** Rows of the file that share an official number, which real cadastres do: told, not refused. */
  async sharedNumbers(tx: Tx): Promise<{ row_no: number; number: string; rows: number }[]> {
    return tx.rows(
      `SELECT row_no, number, rows FROM (SELECT row_no, number, count(*) OVER (PARTITION BY number)::int
        AS rows
         FROM import_seen WHERE number IS NOT NULL) AS n WHERE rows > 1 ORDER BY row_no`,
    );
  }
}

function list(columns: string[], prefix = ''): string {
  return columns.map((column) => `, ${prefix}${column}`).join('');
}
