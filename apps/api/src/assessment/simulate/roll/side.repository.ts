import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/tx.js';
import { limits } from '../../../platform/limits.js';
import type { CompiledTariff } from '../../../tariff/compile.js';
import type { RollRow } from './roll.repository.js';

/** What one tariff asks of each property of a roll. */
@Injectable()
export class SimulationSideRepository {
  /** The side of this roll, tariff and year; `id` is taken where there is none yet. */
  async open(tx: Tx, side: { id: string; rollId: string; sha256: string; fy: number }): Promise<string> {
    const row = await tx.one<{ id: string }>(
      `INSERT INTO simulation_sides (ulb_id, id, roll_id, sha256, fy, used_at) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (ulb_id, roll_id, sha256, fy) DO UPDATE SET used_at = excluded.used_at RETURNING id`,
      [tx.ctx.ulbId, side.id, side.rollId, side.sha256, side.fy, tx.ctx.now],
    );
    return row.id;
  }

  /** The chunks of the roll that the side lacks, in order. */
  async chunksLeft(tx: Tx, rollId: string, sideId: string): Promise<number[]> {
    const rows = await tx.rows<{ chunk_no: number }>(
      `SELECT chunk_no FROM simulation_roll_chunks r WHERE ulb_id = $1 AND roll_id = $2 AND NOT EXISTS (
         SELECT FROM simulation_side_chunks s WHERE s.ulb_id = $1 AND s.side_id = $3 AND s.chunk_no = r.chunk_no)
       ORDER BY chunk_no`,
      [tx.ctx.ulbId, rollId, sideId],
    );
    return rows.map((row) => row.chunk_no);
  }

  /**
   * Reckons one chunk by the tariff's own statement, of which only amounts are read: the planner then leaves inputs and
   * steps out. False where the properties are no longer those of the roll.
   */
  async reckon(
    tx: Tx,
    tariff: CompiledTariff,
    fy: number,
    at: { roll: RollRow; sideId: string; chunkNo: number },
  ): Promise<boolean> {
    const bounds = await tx.one<{ first: string; last: string }>(
      `SELECT property_ids[1] AS first, property_ids[cardinality(property_ids)] AS last
       FROM simulation_roll_chunks WHERE ulb_id = $1 AND roll_id = $2 AND chunk_no = $3`,
      [tx.ctx.ulbId, at.roll.id, at.chunkNo],
    );
    const { ward_numbers: wards, effective_on: on } = at.roll;
    const values = [
      tx.ctx.ulbId,
      fy,
      on,
      bounds.first,
      bounds.last,
      wards,
      at.roll.id,
      at.sideId,
      at.chunkNo,
    ];
    const added = await tx.run(reckonSql(tariff), values);
    if (added) return true;
    return !(await this.chunksLeft(tx, at.roll.id, at.sideId)).includes(at.chunkNo);
  }

  /** Forgets sides and rolls beyond those used last, and cells of simulations that are gone. */
  async forgetOld(tx: Tx): Promise<void> {
    const { ulbId } = tx.ctx;
    const beyond = (table: string) =>
      `SELECT id FROM ${table} WHERE ulb_id = $1 ORDER BY used_at DESC, id DESC OFFSET $2`;
    const without = (chunks: string, key: string, table: string) =>
      `DELETE FROM ${chunks} c WHERE ulb_id = $1 AND NOT EXISTS (SELECT FROM ${table} t WHERE t.ulb_id = $1 AND t.id = c.${key})`;
    const rolls = `DELETE FROM simulation_rolls WHERE ulb_id = $1 AND id IN (${beyond('simulation_rolls')})`;
    await tx.run(rolls, [ulbId, limits.simulationRollsKept]);
    await tx.run(without('simulation_roll_chunks', 'roll_id', 'simulation_rolls'), [ulbId]);
    const sides = `DELETE FROM simulation_sides WHERE ulb_id = $1 AND id IN (${beyond('simulation_sides')})`;
    await tx.run(sides, [ulbId, limits.simulationSidesKept]);
    await tx.run(without('simulation_sides', 'roll_id', 'simulation_rolls'), [ulbId]);
    await tx.run(without('simulation_side_chunks', 'side_id', 'simulation_sides'), [ulbId]);
    await tx.run(
      `DELETE FROM simulation_cells WHERE ulb_id = $1 AND simulation_id NOT IN (
         SELECT id FROM simulations WHERE ulb_id = $1 AND map_counts IS NOT NULL ORDER BY created_at DESC, id LIMIT $2)`,
      [ulbId, limits.simulationMapsKept],
    );
  }
}

/** Amounts in the order of the property's id, head by head; written only where the ids are the roll's own. */
function reckonSql(tariff: CompiledTariff): string {
  const heads = tariff.heads.map((_, i) => `array_agg(head_paise[${i + 1}])`).join(' || ');
  const sums = tariff.heads.map((_, i) => `coalesce(sum(head_paise[${i + 1}]), 0)::bigint`).join(', ');
  return `WITH packed AS MATERIALIZED (
      SELECT array_agg(property_id) AS ids, array_agg(total_paise) AS total_paise, ${heads} AS head_paise,
        ARRAY[${sums}] AS head_sums_paise,
        array_agg(coalesce(exempt, false)) AS exempt,
        array_agg(CASE WHEN total_paise IS NULL THEN coalesce(array_to_string(missing, ', '), 'amount') END) AS missing
      FROM (SELECT property_id, missing, exempt, head_paise, CASE WHEN missing IS NULL THEN total_paise END AS total_paise
        FROM (${tariff.chunkSelectSql}) AS c ORDER BY property_id OFFSET 0) AS ordered)
    INSERT INTO simulation_side_chunks (ulb_id, side_id, chunk_no, total_paise, head_paise, head_sums_paise, exempt,
      missing)
    SELECT $1, $8::uuid, $9::int, p.total_paise, p.head_paise, p.head_sums_paise, p.exempt, p.missing
    FROM packed p JOIN simulation_roll_chunks r
      ON r.ulb_id = $1 AND r.roll_id = $7::uuid AND r.chunk_no = $9::int AND r.property_ids = p.ids
    ON CONFLICT DO NOTHING`;
}
