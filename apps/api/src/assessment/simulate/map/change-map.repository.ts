import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/tx.js';
import { limits } from '../../../platform/limits.js';
import { amountsSql, keys, type Pair } from '../compare/compare.repository.js';
import { changeClassSql, notComparable } from './change-class.js';

/** Parcels are gathered by tiles of this zoom: a tile of the map reads the few cells that it covers. */
const cellZoom = 16;
const halfWorldM = '20037508.342789244';
const cellM = `(2 * ${halfWorldM} / ${2 ** cellZoom})`;
const cellX = (x: string) => `floor((${x} + ${halfWorldM}) / ${cellM})::int`;
const cellY = (y: string) => `floor((${halfWorldM} - ${y}) / ${cellM})::int`;
/** A parcel wider than that many cells is drawn in the first of them only. */
const widest = 64;

export interface WardChange {
  number: string;
  class: number;
  changePaise: string;
}

/** Where a change falls: parcels by cells, and tiles drawn from them. */
@Injectable()
export class ChangeMapRepository {
  /**
   * Draws the parcels of a simulation: the sum of the comparable properties that stand on each. Returns how many parcels
   * each class holds, the last those that cannot be compared.
   */
  async draw(tx: Tx, simulationId: string, pair: Pair): Promise<number[]> {
    await tx.run('DELETE FROM simulation_cells WHERE ulb_id = $1 AND simulation_id = $2', [
      tx.ctx.ulbId,
      simulationId,
    ]);
    const row = await tx.one<{ counts: number[] }>(drawSql, [...keys(tx, pair), simulationId]);
    return row.counts;
  }

  async isDrawn(tx: Tx, simulationId: string): Promise<boolean> {
    const sql =
      'SELECT EXISTS (SELECT FROM simulation_cells WHERE ulb_id = $1 AND simulation_id = $2) AS drawn';
    return (await tx.one<{ drawn: boolean }>(sql, [tx.ctx.ulbId, simulationId])).drawn;
  }

  /** One tile of parcels with layer `change`: the class and the change, no name and no number. */
  async parcelTile(
    tx: Tx,
    simulationId: string,
    [z, column, row]: [z: number, x: number, y: number],
  ): Promise<Buffer> {
    const scale = 2 ** Math.abs(cellZoom - z);
    const cells =
      z > cellZoom
        ? [column, column, row, row].map((each) => Math.floor(each / scale))
        : [column * scale, (column + 1) * scale - 1, row * scale, (row + 1) * scale - 1];
    const bytes = await tx.bytes(
      `WITH value AS MATERIALIZED (SELECT DISTINCT ON (u.tile_id) u.* FROM simulation_cells c
           CROSS JOIN LATERAL unnest(c.tile_ids, c.classes, c.changes_paise) AS u(tile_id, class, change)
         WHERE c.ulb_id = $1 AND c.simulation_id = $2 AND c.x BETWEEN $6 AND $7 AND c.y BETWEEN $8 AND $9),
       seen AS MATERIALIZED (SELECT p.tile_id, p.geom_3857 FROM parcels p
         WHERE p.ulb_id = $1 AND p.geom_3857 && ST_TileEnvelope($3, $4, $5, margin => 0.015625) LIMIT $10)
       SELECT coalesce(ST_AsMVT(f, 'change', 4096, 'g', 'tile_id'), '')::bytea FROM (
         SELECT s.tile_id, v.class, v.change::float8 AS "changePaise",
           ST_AsMVTGeom(s.geom_3857, ST_TileEnvelope($3, $4, $5), 4096, 64) AS g
         FROM seen s FULL JOIN value v ON v.tile_id = s.tile_id) AS f
       WHERE g IS NOT NULL AND class IS NOT NULL`,
      [tx.ctx.ulbId, simulationId, z, column, row, ...cells, limits.tileFeatures],
    );
    return bytes ?? Buffer.alloc(0);
  }

  /** One tile of wards with layer `change`. */
  async wardTile(
    tx: Tx,
    on: string,
    changes: WardChange[],
    at: [z: number, x: number, y: number],
  ): Promise<Buffer> {
    const bytes = await tx.bytes(
      `SELECT coalesce(ST_AsMVT(f, 'change', 4096, 'g', 'tile_id'), '')::bytea FROM (
         SELECT w.tile_id, w.number, v.class, v.change::float8 AS "changePaise",
           ST_AsMVTGeom(w.geom_3857, ST_TileEnvelope($3, $4, $5), 4096, 64) AS g
         FROM wards w JOIN unnest($6::text[], $7::int[], $8::bigint[]) AS v(number, class, change) ON v.number = w.number
         WHERE w.ulb_id = $1 AND w.effective @> $2::date
           AND w.geom_3857 && ST_TileEnvelope($3, $4, $5, margin => 0.015625)) AS f
       WHERE g IS NOT NULL`,
      [
        tx.ctx.ulbId,
        on,
        ...at,
        changes.map(({ number }) => number),
        changes.map((change) => change.class),
        changes.map(({ changePaise }) => changePaise),
      ],
    );
    return bytes ?? Buffer.alloc(0);
  }
}

const comparable = 'p IS NOT NULL AND q IS NOT NULL';
const drawSql = `WITH ${amountsSql},
  land AS MATERIALIZED (
    SELECT parcel_id, count(*) FILTER (WHERE ${comparable}) AS n, coalesce(sum(p) FILTER (WHERE ${comparable}), 0) AS p,
      coalesce(sum(q) FILTER (WHERE ${comparable}), 0) AS q
    FROM (SELECT property_id AS of_property, parcel_id FROM property_parcels WHERE ulb_id = $1 OFFSET 0) pp
    FULL JOIN both_sides ON property_id = of_property
    WHERE parcel_id IS NOT NULL AND property_id IS NOT NULL GROUP BY parcel_id),
  classed AS MATERIALIZED (
    SELECT s.tile_id, s.box, q - p AS change, CASE WHEN n = 0 THEN ${notComparable} ELSE ${changeClassSql('p', 'q')} END AS class
    FROM (SELECT id, tile_id, geom_3857::box2d AS box FROM parcels WHERE ulb_id = $1 OFFSET 0) s
    FULL JOIN land ON parcel_id = s.id WHERE parcel_id IS NOT NULL AND s.id IS NOT NULL),
  placed AS MATERIALIZED (SELECT tile_id, class, change, ${cellX('ST_XMin(box)')} AS x0, ${cellX('ST_XMax(box)')} AS x1,
    ${cellY('ST_YMax(box)')} AS y0, ${cellY('ST_YMin(box)')} AS y1 FROM classed),
  cells AS (
    SELECT x0 AS x, y0 AS y, tile_id, class, change FROM placed
    UNION ALL
    SELECT x, y, tile_id, class, change FROM placed
    CROSS JOIN LATERAL generate_series(x0, CASE WHEN x1 - x0 < ${widest} THEN x1 ELSE x0 END) AS x
    CROSS JOIN LATERAL generate_series(y0, CASE WHEN y1 - y0 < ${widest} THEN y1 ELSE y0 END) AS y
    WHERE (x1 > x0 OR y1 > y0) AND (x > x0 OR y > y0)),
  written AS (INSERT INTO simulation_cells (ulb_id, simulation_id, x, y, tile_ids, classes, changes_paise)
    SELECT $1, $5::uuid, x, y, array_agg(tile_id), array_agg(class), array_agg(change) FROM cells GROUP BY x, y),
  counted AS (SELECT class, count(*)::int AS n FROM classed GROUP BY class)
  SELECT array_agg(coalesce(n, 0) ORDER BY c.class) AS counts
  FROM generate_series(0, ${notComparable}) AS c(class) LEFT JOIN counted USING (class)`;
