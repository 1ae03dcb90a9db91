import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';
import { limits } from '../../platform/limits.js';

export const taxClasses = 7;

export interface TaxMapRow {
  run_id: string;
  fy: number;
  published_at: Date;
  /** `breaks`: the six bounds between seven classes in paise per m2 as decimal text; `counts`: parcels of each class. */
  map_breaks: { breaks: string[]; counts: number[] };
}

/** Tax per square metre of land, parcel by parcel: what shows at a glance where the roll is odd. */
@Injectable()
export class TaxMapRepository {
  /**
   * Draws the map of a year anew from the assessments in force. The tax of a property that stands on several parcels
   * is spread over their whole area, so that none counts twice. Classes are quantiles.
   */
  async classify(tx: Tx, runId: string, fy: number): Promise<void> {
    const values = [tx.ctx.ulbId, fy];
    await tx.run('DELETE FROM parcel_taxes WHERE ulb_id = $1 AND fy = $2', values);
    await tx.run(
      `WITH current AS (SELECT DISTINCT ON (property_id) property_id, total_paise FROM assessments
           WHERE ulb_id = $1 AND fy = $2 AND run_id = ANY (ARRAY(SELECT id FROM assessment_runs
             WHERE ulb_id = $1 AND fy = $2 AND published_at IS NOT NULL))
           ORDER BY property_id, assessment_no DESC),
         land AS (SELECT pp.property_id, pp.parcel_id, sum(p.area_m2) OVER (PARTITION BY pp.property_id) AS area_m2
           FROM property_parcels pp JOIN parcels p ON p.ulb_id = pp.ulb_id AND p.id = pp.parcel_id
           WHERE pp.ulb_id = $1 AND p.area_m2 > 0),
         tax AS MATERIALIZED (SELECT parcel_id, round(sum(total_paise / area_m2), 4) AS per_m2
           FROM land JOIN current USING (property_id) GROUP BY parcel_id),
         bounds AS MATERIALIZED (SELECT percentile_disc(ARRAY[1/7.0, 2/7.0, 3/7.0, 4/7.0, 5/7.0, 6/7.0]::float8[])
           WITHIN GROUP (ORDER BY per_m2) AS breaks FROM tax)
       INSERT INTO parcel_taxes (ulb_id, fy, parcel_id, per_m2_paise, class)
       SELECT $1, $2, parcel_id, per_m2, width_bucket(per_m2, breaks) FROM tax, bounds`,
      values,
    );
    await tx.run(
      `UPDATE assessment_runs SET map_breaks = (
         SELECT jsonb_build_object('counts', jsonb_agg(n ORDER BY class), 'breaks',
           jsonb_agg(coalesce(lowest, 0)::text ORDER BY class) FILTER (WHERE class > 0))
         FROM (SELECT c.class, count(t.class) AS n, min(per_m2_paise) AS lowest
           FROM generate_series(0, ${taxClasses - 1}) AS c(class)
           LEFT JOIN parcel_taxes t ON t.class = c.class AND t.ulb_id = $1 AND t.fy = $2 GROUP BY c.class) AS c)
       WHERE ulb_id = $1 AND id = $3`,
      [...values, runId],
    );
  }

  /** The newest map of a year. */
  async map(tx: Tx, fy: number): Promise<TaxMapRow | null> {
    return tx.maybe<TaxMapRow>(
      `SELECT id AS run_id, fy, published_at, map_breaks FROM assessment_runs
       WHERE ulb_id = $1 AND fy = $2 AND map_breaks IS NOT NULL ORDER BY published_at DESC LIMIT 1`,
      [tx.ctx.ulbId, fy],
    );
  }

  /** One tile with layer `tax`: no name, no number, only the class and the figure. */
  async tile(tx: Tx, fy: number, z: number, column: number, row: number): Promise<Buffer> {
    const bytes = await tx.bytes(
      `WITH seen AS MATERIALIZED (
         SELECT p.id, p.tile_id, p.geom_3857 FROM parcels p
         WHERE p.ulb_id = $1 AND p.geom && ST_Transform(ST_TileEnvelope($3, $4, $5, margin => 0.015625), 4326) LIMIT $6)
       SELECT coalesce(ST_AsMVT(f, 'tax', 4096, 'g', 'tile_id'), '')::bytea FROM (
         SELECT s.tile_id, t.class, t.per_m2_paise::float8 AS "perM2Paise",
           ST_AsMVTGeom(s.geom_3857, ST_TileEnvelope($3, $4, $5), 4096, 64) AS g
         FROM seen s JOIN parcel_taxes t ON t.ulb_id = $1 AND t.fy = $2 AND t.parcel_id = s.id OFFSET 0) AS f
       WHERE g IS NOT NULL`,
      [tx.ctx.ulbId, fy, z, column, row, limits.tileFeatures],
    );
    return bytes ?? Buffer.alloc(0);
  }
}
