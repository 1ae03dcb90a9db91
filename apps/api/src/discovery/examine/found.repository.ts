import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';
import type { DiscoveryRow } from '../run/run.repository.js';

type Run = Pick<DiscoveryRow, 'id' | 'settings'>;

const several = `CASE WHEN f.accounts = 1 THEN f.lead_property END`;
const columns = `kind, subject, group_id, building_id, parcel_id, property_id, measured_m2, declared_m2, adopted_m2,
  excess_m2, tolerance_m2, fingerprint`;
const both = `md5(concat_ws('/', f.map_print, f.roll_print))`;
/** The head of a finding about a piece of land with a building on it. */
const ofBuilding = (kind: string, measured: string, excess: string, tolerance = 'NULL::numeric') =>
  `SELECT '${kind}', 'building:' || f.lead_building, f.group_id, f.lead_building, f.parcel_id, ${several},
     ${measured}, f.declared_m2, f.adopted_m2, ${excess}, ${tolerance}, ${both} FROM discovery_figures f`;

const known = `ARRAY['residential', 'commercial', 'industrial', 'mixed', 'institutional', 'government', 'religious']`;
/** True where what stands on the map can be what the roll says; a mixed building is any two uses, or its parts. */
const sameUse = `(f.map_use = ANY (f.roll_uses)
  OR f.map_use = 'mixed' AND cardinality(f.roll_uses) > 1
  OR 'mixed' = ANY (f.roll_uses) AND f.map_use IN ('residential', 'commercial'))`;

/** What differs beyond tolerance, in the temporary table `discovery_found`. Reads what `FiguresRepository` compared. */
@Injectable()
export class FoundRepository {
  async find(tx: Tx, run: Run, ward: string): Promise<void> {
    await tx.run(
      `CREATE TEMP TABLE discovery_found (id uuid NOT NULL DEFAULT uuid_v7(), kind text NOT NULL, subject text NOT NULL,
         group_id uuid NOT NULL, building_id uuid, parcel_id uuid, property_id uuid, measured_m2 numeric,
         declared_m2 numeric, adopted_m2 numeric, excess_m2 numeric, tolerance_m2 numeric, fingerprint text NOT NULL,
         before_paise bigint, after_paise bigint, missing text[], assumed jsonb) ON COMMIT DROP`,
    );
    await this.buildings(tx, run);
    await this.demolished(tx, run);
    await this.vacantUntaxed(tx, run, ward);
    await tx.run('ANALYZE discovery_found');
  }

  /** A floor more is alleged only where its area is missing from the roll too: a unit may be written to any floor. */
  private async buildings(tx: Tx, run: Run): Promise<void> {
    const { footprintMinM2, areaPercent, areaMinM2 } = run.settings;
    await tx.run(
      `INSERT INTO discovery_found (${columns})
       ${ofBuilding('no_account', 'f.measured_m2', 'f.measured_m2')}
       WHERE f.footprints > 0 AND f.accounts = 0 AND f.lead_m2 >= $1::numeric
       UNION ALL ${ofBuilding('vacant_built', 'f.measured_m2', 'f.measured_m2')}
       WHERE f.footprints > 0 AND f.accounts > 0 AND f.built_units = 0 AND f.lead_m2 >= $1::numeric
       UNION ALL ${ofBuilding('extra_floor', 'f.measured_m2', 'f.measured_m2 - f.measured_on_roll_floors_m2')}
       WHERE f.footprints > 0 AND f.built_units > 0 AND f.map_floors > f.roll_floors AND f.lead_m2 >= $1::numeric
         AND (f.areas_missing > 0 OR f.measured_m2 - f.adopted_m2 > greatest(f.adopted_m2 * $2::numeric, $3::numeric))
       UNION ALL ${ofBuilding(
         'area',
         'f.measured_on_roll_floors_m2',
         'f.measured_on_roll_floors_m2 - f.adopted_m2',
         'greatest(f.adopted_m2 * $2::numeric, $3::numeric)',
       )}
       WHERE f.footprints > 0 AND f.built_units > 0 AND f.areas_missing = 0
         AND f.measured_on_roll_floors_m2 - f.adopted_m2 > greatest(f.adopted_m2 * $2::numeric, $3::numeric)
       UNION ALL ${ofBuilding('changed_use', 'f.measured_m2', 'NULL::numeric')}
       WHERE f.footprints > 0 AND f.built_units > 0 AND f.map_use IS NOT NULL AND cardinality(f.roll_uses) > 0
         AND f.roll_uses <@ ${known} AND NOT ${sameUse}`,
      [footprintMinM2, areaPercent / 100, areaMinM2],
    );
  }

  /** On the roll with something built, on the map with nothing: each property by itself. */
  private async demolished(tx: Tx, run: Run): Promise<void> {
    await tx.run(
      `INSERT INTO discovery_found (${columns})
       SELECT 'demolished', 'property:' || a.property_id, f.group_id, NULL, pp.parcel_id, a.property_id, 0,
         sum(u.declared_area_m2), sum(u.area_m2), -sum(u.area_m2), NULL,
         md5(concat_ws('/', 'bare', string_agg(concat_ws('|', u.unit_no, u.floor, u.use, trim_scale(u.area_m2)), ';'
           ORDER BY u.unit_no)))
       FROM discovery_figures f
       JOIN discovery_accounts a ON a.ulb_id = $1 AND a.run_id = $2 AND a.group_id = f.group_id
         AND a.class = 'no_footprint' AND a.own
       JOIN discovery_units u ON u.property_id = a.property_id AND u.built
       LEFT JOIN LATERAL (SELECT parcel_id FROM property_parcels WHERE ulb_id = $1 AND property_id = a.property_id
         ORDER BY parcel_id LIMIT 1) AS pp ON true
       WHERE f.footprints = 0 GROUP BY a.property_id, f.group_id, pp.parcel_id`,
      [tx.ctx.ulbId, run.id],
    );
  }

  /** Land that the map calls vacant, on which nothing stands and for which nobody has an account. */
  private async vacantUntaxed(tx: Tx, run: Run, ward: string): Promise<void> {
    const inWard = ward === '' ? `p.ward_number IS NULL AND $3::text = ''` : 'p.ward_number = $3';
    await tx.run(
      `INSERT INTO discovery_found (${columns})
       SELECT 'vacant_untaxed', 'parcel:' || p.id, p.id, NULL, p.id, NULL, p.area_m2, NULL, NULL, p.area_m2, NULL,
         md5(concat_ws('/', encode(ST_AsBinary(p.geom), 'hex'), p.land_use))
       FROM parcels p WHERE p.ulb_id = $1 AND p.land_use = 'vacant' AND ${inWard} AND p.area_m2 >= $4::numeric
         AND NOT EXISTS (SELECT FROM property_parcels pp JOIN properties q ON q.ulb_id = $1 AND q.id = pp.property_id
           AND q.status = 'active' WHERE pp.ulb_id = $1 AND pp.parcel_id = p.id)
         AND NOT EXISTS (SELECT FROM discovery_footprints f WHERE f.ulb_id = $1 AND f.run_id = $2 AND f.group_id = p.id)
         AND NOT EXISTS (SELECT FROM buildings b WHERE b.ulb_id = $1 AND b.geom && p.geom
           AND ST_Intersects(b.geom, p.geom) AND ST_Area(ST_Intersection(b.geom, p.geom)::geography) >= $4::float8)`,
      [tx.ctx.ulbId, run.id, ward, run.settings.footprintMinM2],
    );
  }
}
