import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';
import type { DiscoveryRow } from '../run/run.repository.js';

type Run = Pick<DiscoveryRow, 'id' | 'settings'>;

/** '' stands for what lies in no ward. Two texts instead of one with coalesce, so that the index of wards serves. */
const inWard = (alias: string, ward: string) =>
  ward === '' ? `${alias}.ward_number IS NULL AND $3::text = ''` : `${alias}.ward_number = $3`;

/**
 * The parcel on which the greatest part of building `b` lies, and how much of it lies on any parcel. A footprint that a
 * parcel covers whole is the rule, and spares the intersection.
 */
const landOf = `LEFT JOIN LATERAL (
    SELECT o.parcel_id, o.share, sum(o.share) OVER () AS on_land FROM (
      SELECT p.id AS parcel_id, CASE WHEN ST_Covers(p.geom, b.geom) THEN 1
        ELSE ST_Area(ST_Intersection(p.geom, b.geom)) / nullif(ST_Area(b.geom), 0) END AS share
      FROM parcels p WHERE p.ulb_id = $1 AND p.geom && b.geom AND ST_Intersects(p.geom, b.geom)) AS o
    ORDER BY o.share DESC, o.parcel_id LIMIT 1) AS land ON true`;
const onParcel = 'CASE WHEN land.on_land >= $4::float8 THEN land.parcel_id END';
const footprintColumns = `ulb_id, run_id, building_id, ward_number, own, area_m2, parcel_id, overlap, group_id`;
const accountColumns = 'ulb_id, run_id, property_id, ward_number, own, linked_by, group_id';

/** A position that a surveyor took at the door, kept among the facts of a property that has no parcel. */
const position = `CASE WHEN p.facts ->> 'lon' ~ '^-?[0-9]{1,3}([.][0-9]{1,20})?$'
    AND p.facts ->> 'lat' ~ '^-?[0-9]{1,2}([.][0-9]{1,20})?$'
  THEN ST_SetSRID(ST_MakePoint((p.facts ->> 'lon')::float8, (p.facts ->> 'lat')::float8), 4326) END`;

/** Which footprint and which property belong together: by the land they share, else by a surveyed position. */
@Injectable()
export class MatchRepository {
  /** Puts the footprints of a ward on their land; returns how many there are. */
  async linkFootprints(tx: Tx, run: Run, ward: string): Promise<number> {
    return tx.run(
      `INSERT INTO discovery_footprints (${footprintColumns})
       SELECT $1, $2, b.id, coalesce(b.ward_number, ''), true, b.area_m2, ${onParcel},
         least(coalesce(land.share, 0), 1), coalesce(${onParcel}, b.id)
       FROM buildings b ${landOf} WHERE b.ulb_id = $1 AND ${inWard('b', ward)} ON CONFLICT DO NOTHING`,
      [tx.ctx.ulbId, run.id, ward, run.settings.overlapPercent / 100],
    );
  }

  /** Enters the active properties of a ward with their land; returns how many there are. */
  async linkAccounts(tx: Tx, run: Run, ward: string): Promise<number> {
    return tx.run(
      `INSERT INTO discovery_accounts (${accountColumns})
       SELECT $1, $2, p.id, coalesce(p.ward_number, ''), true,
         CASE WHEN l.parcel_id IS NULL THEN 'nothing' ELSE 'parcel' END, coalesce(l.parcel_id, p.id)
       FROM properties p LEFT JOIN LATERAL (SELECT parcel_id FROM property_parcels
         WHERE ulb_id = $1 AND property_id = p.id ORDER BY parcel_id LIMIT 1) AS l ON true
       WHERE p.ulb_id = $1 AND p.status = 'active' AND ${inWard('p', ward)} ON CONFLICT DO NOTHING`,
      [tx.ctx.ulbId, run.id, ward],
    );
  }

  /** Properties of other wards that stand on the same land: they are no part of the run, but they account for it. */
  async addNeighbours(tx: Tx, run: Run): Promise<void> {
    const values = [tx.ctx.ulbId, run.id];
    await tx.run(
      `INSERT INTO discovery_accounts (${accountColumns})
       SELECT DISTINCT ON (p.id) $1::int, $2::uuid, p.id, coalesce(p.ward_number, ''), false, 'parcel', pp.parcel_id
       FROM discovery_footprints f JOIN property_parcels pp ON pp.ulb_id = $1 AND pp.parcel_id = f.parcel_id
       JOIN properties p ON p.ulb_id = $1 AND p.id = pp.property_id AND p.status = 'active'
       WHERE f.ulb_id = $1 AND f.run_id = $2 ORDER BY p.id, pp.parcel_id ON CONFLICT DO NOTHING`,
      values,
    );
    await tx.run(
      `WITH bare AS MATERIALIZED (SELECT DISTINCT pp.parcel_id FROM discovery_accounts a
           JOIN property_parcels pp ON pp.ulb_id = $1 AND pp.property_id = a.property_id
           WHERE a.ulb_id = $1 AND a.run_id = $2 AND NOT EXISTS (SELECT FROM discovery_footprints f
             WHERE f.ulb_id = $1 AND f.run_id = $2 AND f.group_id = a.group_id)),
         near AS MATERIALIZED (SELECT DISTINCT b.id FROM bare JOIN parcels p ON p.ulb_id = $1 AND p.id = bare.parcel_id
           JOIN buildings b ON b.ulb_id = $1 AND b.geom && p.geom AND ST_Intersects(b.geom, p.geom))
       INSERT INTO discovery_footprints (${footprintColumns})
       SELECT $1, $2, b.id, coalesce(b.ward_number, ''), false, b.area_m2, land.parcel_id, least(land.share, 1),
         land.parcel_id
       FROM near JOIN buildings b ON b.ulb_id = $1 AND b.id = near.id ${landOf.replace('LEFT JOIN', 'JOIN')}
       JOIN bare ON bare.parcel_id = land.parcel_id
       WHERE land.on_land >= $3::float8 ON CONFLICT DO NOTHING`,
      [...values, run.settings.overlapPercent / 100],
    );
  }

  /** Properties without a parcel, but with a position: the footprint around it, else the nearest within reach. */
  async linkByPosition(tx: Tx, run: Run): Promise<void> {
    await tx.run(
      `WITH at AS MATERIALIZED (SELECT p.id, ${position} AS place FROM discovery_accounts a
           JOIN properties p ON p.ulb_id = $1 AND p.id = a.property_id
           WHERE a.ulb_id = $1 AND a.run_id = $2 AND a.linked_by = 'nothing'),
         hit AS MATERIALIZED (SELECT at.id, n.building_id, n.group_id FROM at CROSS JOIN LATERAL (
           SELECT f.building_id, f.group_id FROM buildings b
           JOIN discovery_footprints f ON f.ulb_id = $1 AND f.run_id = $2 AND f.building_id = b.id
           WHERE b.ulb_id = $1 AND b.geom && ST_Expand(at.place, $3::float8 / 111320 / cos(radians(ST_Y(at.place))),
               $3::float8 / 110570)
             AND ST_DWithin(b.geom::geography, at.place::geography, $3::float8)
           ORDER BY ST_Distance(b.geom::geography, at.place::geography), b.id LIMIT 1) AS n
           WHERE at.place IS NOT NULL)
       UPDATE discovery_accounts a SET group_id = hit.group_id, linked_by = 'position' FROM hit
       WHERE a.ulb_id = $1 AND a.run_id = $2 AND a.property_id = hit.id`,
      [tx.ctx.ulbId, run.id, run.settings.positionM],
    );
  }

  /** The parcels of each property that stands on more than one. */
  async widePlots(tx: Tx, run: Run): Promise<string[][]> {
    const rows = await tx.rows<{ parcels: string[] }>(
      `SELECT array_agg(pp.parcel_id::text ORDER BY pp.parcel_id) AS parcels FROM discovery_accounts a
       JOIN property_parcels pp ON pp.ulb_id = $1 AND pp.property_id = a.property_id
       WHERE a.ulb_id = $1 AND a.run_id = $2 GROUP BY a.property_id HAVING count(*) > 1`,
      [tx.ctx.ulbId, run.id],
    );
    return rows.map((row) => row.parcels);
  }

  async regroup(tx: Tx, run: Run, roots: ReadonlyMap<string, string>): Promise<void> {
    if (roots.size === 0) return;
    for (const table of ['discovery_footprints', 'discovery_accounts']) {
      await tx.run(
        `UPDATE ${table} t SET group_id = r.root FROM unnest($3::uuid[], $4::uuid[]) AS r(parcel, root)
         WHERE t.ulb_id = $1 AND t.run_id = $2 AND t.group_id = r.parcel AND r.parcel <> r.root`,
        [tx.ctx.ulbId, run.id, [...roots.keys()], [...roots.values()]],
      );
    }
  }

  /** One row for each piece of land: what stands on it, and the ward that answers for it, that of its largest building. */
  async makeGroups(tx: Tx, run: Run): Promise<void> {
    const values = [tx.ctx.ulbId, run.id];
    await tx.run('DELETE FROM discovery_groups WHERE ulb_id = $1 AND run_id = $2', values);
    await tx.run(
      `INSERT INTO discovery_groups (ulb_id, run_id, group_id, ward_number, footprints, accounts, lead_building,
         lead_property, parcel_id)
       SELECT $1, $2, group_id, coalesce(f.ward_number, a.ward_number), coalesce(f.n, 0), coalesce(a.n, 0),
         f.lead, a.lead, f.parcel_id
       FROM (SELECT group_id, count(*) AS n, (array_agg(building_id ORDER BY area_m2 DESC, building_id))[1] AS lead,
           (array_agg(parcel_id ORDER BY area_m2 DESC, building_id))[1] AS parcel_id,
           (array_agg(ward_number ORDER BY own DESC, area_m2 DESC, building_id))[1] AS ward_number
         FROM discovery_footprints WHERE ulb_id = $1 AND run_id = $2 GROUP BY group_id) AS f
       FULL JOIN (SELECT group_id, count(*) AS n, (array_agg(property_id ORDER BY property_id))[1] AS lead,
           (array_agg(ward_number ORDER BY own DESC, property_id))[1] AS ward_number
         FROM discovery_accounts WHERE ulb_id = $1 AND run_id = $2 GROUP BY group_id) AS a USING (group_id)`,
      values,
    );
  }
}
