import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/tx.js';
import { limits } from '../../../platform/limits.js';

export interface RollRow {
  id: string;
  effective_on: string;
  ward_numbers: string[] | null;
  fingerprint: string;
  properties: number;
  chunks: number;
}

const columns = 'id, effective_on::text, ward_numbers, fingerprint, properties, chunks';

/** The roll as simulations see it: its active properties on a day, in chunks, kept until the roll changes. */
@Injectable()
export class SimulationRollRepository {
  /**
   * Changes whenever a row of the roll, or an assessment that a tariff may look back to, is written: the database itself
   * stamps each version of a row with its transaction.
   */
  async fingerprint(tx: Tx): Promise<string> {
    const stamp = (table: string, where = '') => `(SELECT concat_ws(':', count(*), sum(xmin::text::bigint))
      FROM ${table} WHERE ulb_id = $1 ${where})`;
    const row = await tx.one<{ fingerprint: string }>(
      `SELECT concat_ws(' ', ${stamp('properties')}, ${stamp('units')}, ${stamp('owners')},
         ${stamp('assessment_runs', "AND status IN ('done', 'published')")}) AS fingerprint`,
      [tx.ctx.ulbId],
    );
    return row.fingerprint;
  }

  async byId(tx: Tx, id: string): Promise<RollRow | null> {
    const sql = `SELECT ${columns} FROM simulation_rolls WHERE ulb_id = $1 AND id = $2`;
    return tx.maybe<RollRow>(sql, [tx.ctx.ulbId, id]);
  }

  async find(
    tx: Tx,
    effectiveOn: string,
    wardNumbers: string[] | null,
    fingerprint: string,
  ): Promise<RollRow | null> {
    return tx.maybe<RollRow>(
      `SELECT ${columns} FROM simulation_rolls WHERE ulb_id = $1 AND effective_on = $2
         AND ward_numbers IS NOT DISTINCT FROM $3::text[] AND fingerprint = $4 ORDER BY used_at DESC LIMIT 1`,
      [tx.ctx.ulbId, effectiveOn, wardNumbers, fingerprint],
    );
  }

  /** Marks the roll as used now, so that it is forgotten last. */
  async touch(tx: Tx, id: string): Promise<void> {
    await tx.run('UPDATE simulation_rolls SET used_at = $3 WHERE ulb_id = $1 AND id = $2', [
      tx.ctx.ulbId,
      id,
      tx.ctx.now,
    ]);
  }

  /**
   * Numbers the active properties of the wards in chunks, each with its ward and its main use: that of its largest unit
   * on the day. A full join is never done as a loop per property, whatever the planner believes.
   */
  async add(
    tx: Tx,
    roll: { id: string; effectiveOn: string; wardNumbers: string[] | null; fingerprint: string },
  ): Promise<RollRow> {
    await tx.run(
      `INSERT INTO simulation_roll_chunks (ulb_id, roll_id, chunk_no, property_ids, ward_numbers, uses)
       SELECT $1, $2, chunk_no, array_agg(id), array_agg(ward_number), array_agg(use)
       FROM (SELECT *, ((row_number() OVER (ORDER BY id) - 1) / $5)::int + 1 AS chunk_no FROM (
           SELECT p.id, p.ward_number, u.use
           FROM (SELECT id, ward_number FROM properties WHERE ulb_id = $1 AND status = 'active'
               AND ($4::text[] IS NULL OR ward_number = ANY ($4::text[])) OFFSET 0) p
           FULL JOIN (SELECT DISTINCT ON (property_id) property_id, use FROM units
             WHERE ulb_id = $1 AND coalesce(effective @> $3::date, false)
             ORDER BY property_id, area_m2 DESC NULLS LAST, unit_no) u ON u.property_id = p.id
           OFFSET 0) AS joined
         WHERE id IS NOT NULL ORDER BY id OFFSET 0) AS numbered
       GROUP BY chunk_no`,
      [tx.ctx.ulbId, roll.id, roll.effectiveOn, roll.wardNumbers, limits.simulationChunkProperties],
    );
    return tx.one<RollRow>(
      `INSERT INTO simulation_rolls (ulb_id, id, effective_on, ward_numbers, fingerprint, properties, chunks, used_at)
       SELECT $1, $2, $3, $4, $5, coalesce(sum(cardinality(property_ids)), 0), count(*), $6
       FROM simulation_roll_chunks WHERE ulb_id = $1 AND roll_id = $2 RETURNING ${columns}`,
      [tx.ctx.ulbId, roll.id, roll.effectiveOn, roll.wardNumbers, roll.fingerprint, tx.ctx.now],
    );
  }
}
