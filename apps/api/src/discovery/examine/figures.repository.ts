import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';
import type { DiscoveryRow } from '../run/run.repository.js';
import { isBuilt } from './classes.repository.js';
import { hashed } from './hashed.repository.js';

type Run = Pick<DiscoveryRow, 'id' | 'settings' | 'effective_on'>;

/** Number of the storey that a floor's code names, 0 at the ground; NULL for a basement, a mezzanine or an unknown code. */
export const levelOf = (floor: string) => `CASE WHEN ${floor} ~ '^[0-9]{1,3}$' THEN ${floor}::int
    WHEN lower(${floor}) IN ('g', 'gf', 'ground', 'ground_floor') THEN 0
    WHEN lower(${floor}) IN ('ff', 'first', 'first_floor') THEN 1
    WHEN lower(${floor}) IN ('sf', 'second', 'second_floor') THEN 2
    WHEN lower(${floor}) IN ('tf', 'third', 'third_floor') THEN 3 END`;

/** Built-up floors above each other: the ground counts whole, each further one with the share $5 of the footprint. */
const levels = (floors: string) => `(1 + (${floors} - 1) * $5::numeric)`;

/**
 * What map and roll say of each piece of land of a ward, side by side, in temporary tables of the transaction:
 * `discovery_map` (a row a footprint), `discovery_units` (a row a unit), `discovery_figures` (a row a piece of land).
 */
@Injectable()
export class FiguresRepository {
  async compare(tx: Tx, run: Run, ward: string): Promise<void> {
    const { upperFloorPercent, floorHeightM } = run.settings;
    const at = [tx.ctx.ulbId, run.id, ward];
    await tx.run(
      `CREATE TEMP TABLE discovery_map ON COMMIT DROP AS
       SELECT f.group_id, b.id, b.tile_id, b.building_no, b.area_m2, b.use, b.structure, b.year_built, f.overlap,
         coalesce(nullif(b.floors, 0), CASE WHEN b.height_m > 0 THEN
           greatest(1, floor(b.height_m / $4::numeric + 0.4))::smallint END) AS floors,
         CASE WHEN b.floors > 0 THEN 'storeys' WHEN b.height_m > 0 THEN 'height' END AS floors_from,
         md5(concat_ws('|', encode(ST_AsBinary(b.geom), 'hex'), b.floors, b.height_m, b.use)) AS print
       FROM discovery_groups g
       JOIN discovery_footprints f ON f.ulb_id = $1 AND f.run_id = $2 AND f.group_id = g.group_id
       JOIN buildings b ON b.ulb_id = $1 AND b.id = f.building_id
       WHERE g.ulb_id = $1 AND g.run_id = $2 AND g.ward_number = $3`,
      [...at, floorHeightM],
    );
    await hashed(tx, () =>
      tx.run(
        `CREATE TEMP TABLE discovery_units ON COMMIT DROP AS
       SELECT a.group_id, u.*, ${levelOf('u.floor')} AS level, ${isBuilt('u')} AS built
       FROM discovery_groups g
       JOIN discovery_accounts a ON a.ulb_id = $1 AND a.run_id = $2 AND a.group_id = g.group_id
       JOIN units u ON u.ulb_id = $1 AND u.property_id = a.property_id AND coalesce(u.effective @> $4::date, false)
       WHERE g.ulb_id = $1 AND g.run_id = $2 AND g.ward_number = $3`,
        [...at, run.effective_on],
      ),
    );
    await tx.run(figuresSql, [...at, run.effective_on, upperFloorPercent / 100]);
    await tx.run('ANALYZE discovery_figures, discovery_map, discovery_units');
  }
}

const figuresSql = `CREATE TEMP TABLE discovery_figures ON COMMIT DROP AS
  WITH roll AS MATERIALIZED (SELECT group_id, count(*) FILTER (WHERE built) AS built_units,
      count(*) FILTER (WHERE built AND area_m2 IS NULL) AS areas_missing,
      sum(area_m2) FILTER (WHERE built) AS adopted_m2, 
      -- A sum of some units would look like less than it is.
      CASE WHEN bool_and(declared_area_m2 IS NOT NULL) FILTER (WHERE built)
        THEN sum(declared_area_m2) FILTER (WHERE built) END AS declared_m2,
      CASE WHEN bool_and(measured_area_m2 IS NOT NULL) FILTER (WHERE built)
        THEN sum(measured_area_m2) FILTER (WHERE built) END AS surveyed_m2,
      -- A floor whose code is unknown could be any: then it is not said how many there are.
      CASE WHEN bool_and(level IS NOT NULL OR floor ~* '^(b|lg|m)') FILTER (WHERE built)
        THEN max(level) FILTER (WHERE built) + 1 END AS floors,
      array_agg(DISTINCT use) FILTER (WHERE built AND use IS NOT NULL) AS uses,
      md5(string_agg(concat_ws('|', property_id, unit_no, floor, use, trim_scale(area_m2)), ';'
        ORDER BY property_id, unit_no)) AS print
    FROM discovery_units GROUP BY group_id),
  map AS MATERIALIZED (SELECT m.group_id, sum(m.area_m2) AS footprint_m2, max(m.floors) AS floors,
      (array_agg(m.floors_from ORDER BY m.floors DESC NULLS LAST))[1] AS floors_from,
      (array_agg(m.use ORDER BY m.area_m2 DESC, m.id) FILTER (WHERE m.use IS NOT NULL AND m.use <> 'vacant'))[1] AS use,
      (array_agg(m.structure ORDER BY m.area_m2 DESC, m.id))[1] AS structure,
      (array_agg(m.year_built ORDER BY m.area_m2 DESC, m.id))[1] AS year_built,
      (array_agg(m.area_m2 ORDER BY m.area_m2 DESC, m.id))[1] AS lead_m2,
      sum(m.area_m2 * ${levels('coalesce(m.floors, r.floors, 1)')}) AS measured_m2,
      sum(m.area_m2 * ${levels('least(coalesce(m.floors, r.floors, 1), coalesce(r.floors, m.floors, 1))')})
        AS measured_on_roll_floors_m2,
      min(m.overlap) AS overlap, md5(string_agg(m.print, ';' ORDER BY m.id)) AS print
    FROM discovery_map m LEFT JOIN roll r USING (group_id) GROUP BY m.group_id)
  SELECT g.group_id, g.ward_number, g.footprints, g.accounts, g.lead_building, g.lead_property, g.parcel_id,
    m.footprint_m2, m.lead_m2, m.floors AS map_floors, m.floors_from, m.use AS map_use, m.structure AS map_structure,
    m.year_built, round(m.measured_m2, 3) AS measured_m2, m.overlap,
    round(m.measured_on_roll_floors_m2, 3) AS measured_on_roll_floors_m2,
    coalesce(r.built_units, 0) AS built_units, coalesce(r.areas_missing, 0) AS areas_missing, r.adopted_m2,
    r.declared_m2, r.surveyed_m2, r.floors AS roll_floors, coalesce(r.uses, '{}') AS roll_uses,
    m.print AS map_print, r.print AS roll_print
  FROM discovery_groups g LEFT JOIN map m USING (group_id) LEFT JOIN roll r USING (group_id)
  WHERE g.ulb_id = $1 AND g.run_id = $2 AND g.ward_number = $3 AND $4::date IS NOT NULL`;
