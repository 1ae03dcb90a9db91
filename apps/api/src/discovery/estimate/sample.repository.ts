import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';
import type { DiscoveryRow } from '../run/run.repository.js';
import { isBuilt } from '../examine/classes.repository.js';
import { hashed } from '../examine/hashed.repository.js';
import type { FindingKind } from '../finding/states.js';

type Run = Pick<DiscoveryRow, 'id' | 'settings' | 'effective_on'>;

/** Findings about land for which there is no account: the property that is taxed is made up. */
const madeUp = `('no_account', 'vacant_untaxed')`;
/** What is alleged of several accounts together, without a key by which to share it out. */
const notShared = `('extra_floor', 'vacant_built')`;

/** Units as they would stand in a building of which only the footprint is known. $1 is the share of an upper floor. */
const unitsOfBuilding = `SELECT s.property_id, l.no + 1 AS unit_no, l.floor::text AS floor,
    CASE WHEN f.map_use <> 'mixed' THEN f.map_use WHEN f.map_use = 'mixed' AND l.part = 0 THEN 'commercial'
      WHEN f.map_use = 'mixed' THEN 'residential' ELSE w.use END AS use,
    f.footprint_m2 * CASE WHEN l.floor = 0 THEN 1 ELSE $1::numeric END / l.parts AS area_m2, f.year_built
  FROM discovery_sample s JOIN discovery_found d ON d.id = s.found_id JOIN discovery_figures f USING (group_id)
  CROSS JOIN (SELECT use FROM discovery_custom ORDER BY units DESC, use LIMIT 1) AS w
  CROSS JOIN LATERAL (SELECT row_number() OVER (ORDER BY floor, part) - 1 AS no, floor, parts,
      CASE WHEN f.map_floors = 1 THEN part ELSE least(floor, 1) END AS part
    FROM generate_series(0, coalesce(f.map_floors, 1) - 1) AS floor
    CROSS JOIN LATERAL (SELECT CASE WHEN f.map_use = 'mixed' AND coalesce(f.map_floors, 1) = 1 THEN 2 ELSE 1 END) AS p(parts)
    CROSS JOIN LATERAL generate_series(0, parts - 1) AS part) AS l
  WHERE s.kind = $2`;

/**
 * The rows that a tariff would read if a finding were true, in temporary tables `discovery_sim_properties`, `_units` and
 * `_owners`. What nobody knows of a building is taken as most have it in the ward, and is listed with the estimate.
 */
@Injectable()
export class SampleRepository {
  /** Which properties each finding is about, and what is customary in the ward. */
  async prepare(tx: Tx, run: Run, ward: string): Promise<void> {
    for (const table of ['properties', 'units', 'owners']) {
      await tx.run(
        `CREATE TEMP TABLE discovery_sim_${table} ON COMMIT DROP AS SELECT * FROM ${table} WITH NO DATA`,
      );
    }
    await tx.run(
      `CREATE TEMP TABLE discovery_sample ON COMMIT DROP AS
       SELECT d.id AS found_id, d.kind, d.id AS property_id FROM discovery_found d WHERE d.kind IN ${madeUp}
       UNION ALL SELECT d.id, d.kind, coalesce(d.property_id, a.property_id) FROM discovery_found d
       LEFT JOIN discovery_accounts a ON d.property_id IS NULL AND a.ulb_id = $1 AND a.run_id = $2
         AND a.group_id = d.group_id
       WHERE d.kind NOT IN ${madeUp} AND (d.property_id IS NOT NULL OR d.kind NOT IN ${notShared})`,
      [tx.ctx.ulbId, run.id],
    );
    await tx.run(
      `UPDATE discovery_found SET missing = ARRAY['several_accounts']
       WHERE property_id IS NULL AND kind IN ${notShared}`,
    );
    await tx.run(
      `CREATE TEMP TABLE discovery_custom ON COMMIT DROP AS
       SELECT use, count(*) AS units, mode() WITHIN GROUP (ORDER BY structure) AS structure,
         mode() WITHIN GROUP (ORDER BY occupancy) AS occupancy, mode() WITHIN GROUP (ORDER BY facts) AS facts,
         percentile_disc(0.5) WITHIN GROUP (ORDER BY year_built) AS year_built
       FROM discovery_units WHERE use IS NOT NULL GROUP BY use`,
    );
    await tx.run(
      `CREATE TEMP TABLE discovery_place ON COMMIT DROP AS
       SELECT mode() WITHIN GROUP (ORDER BY p.zone_number) AS zone_number,
         mode() WITHIN GROUP (ORDER BY p.category) AS category, mode() WITHIN GROUP (ORDER BY p.facts) AS facts
       FROM discovery_accounts a JOIN properties p ON p.ulb_id = $1 AND p.id = a.property_id
       WHERE a.ulb_id = $1 AND a.run_id = $2 AND a.ward_number = $3`,
      [tx.ctx.ulbId, run.id, ward],
    );
    await tx.run('ANALYZE discovery_sample');
  }

  /** The kinds for which there is something to estimate. */
  async kinds(tx: Tx): Promise<FindingKind[]> {
    const rows = await tx.rows<{ kind: FindingKind }>('SELECT DISTINCT kind FROM discovery_sample');
    return rows.map((row) => row.kind);
  }

  /** The accounts of findings of a kind (null: of all) as they stand on the roll; nothing where the accounts are made up. */
  async asItStands(tx: Tx, run: Run, kind: FindingKind | null): Promise<void> {
    for (const table of ['properties', 'units', 'owners']) await tx.run(`DELETE FROM discovery_sim_${table}`);
    if (kind === 'no_account' || kind === 'vacant_untaxed') return;
    const of = `IN (SELECT property_id FROM discovery_sample WHERE kind = coalesce($2::text, kind) AND kind NOT IN ${madeUp})`;
    await tx.run(
      `INSERT INTO discovery_sim_properties SELECT * FROM properties p WHERE p.ulb_id = $1 AND p.id ${of}`,
      [tx.ctx.ulbId, kind],
    );
    for (const table of ['units', 'owners']) {
      const sql = `INSERT INTO discovery_sim_${table} SELECT * FROM ${table} t
         WHERE t.ulb_id = $1 AND t.property_id ${of} AND coalesce(t.effective @> $3::date, false)`;
      await hashed(tx, () => tx.run(sql, [tx.ctx.ulbId, kind, run.effective_on]));
    }
  }

  /** Changes the rows to what the findings of a kind allege. */
  async asAlleged(tx: Tx, run: Run, ward: string, kind: FindingKind): Promise<void> {
    const upper = run.settings.upperFloorPercent / 100;
    if (kind === 'area') await this.largerUnits(tx);
    if (kind === 'changed_use') await this.otherUse(tx);
    if (kind === 'extra_floor') await this.moreFloors(tx);
    if (kind === 'demolished') await this.bareLand(tx);
    if (kind === 'no_account' || kind === 'vacant_untaxed') await this.newAccounts(tx, ward, kind);
    if (kind === 'vacant_built') {
      await tx.run('DELETE FROM discovery_sim_units');
    }
    if (kind === 'vacant_built' || kind === 'no_account') {
      await this.addUnits(tx, unitsOfBuilding, [upper, kind]);
    }
  }

  private async largerUnits(tx: Tx): Promise<void> {
    await tx.run(
      `UPDATE discovery_sim_units u SET area_m2 = u.area_m2 * d.measured_m2 / nullif(d.adopted_m2, 0)
       FROM discovery_sample s JOIN discovery_found d ON d.id = s.found_id
       WHERE s.kind = 'area' AND u.property_id = s.property_id AND ${isBuilt('u')}`,
    );
  }

  private async otherUse(tx: Tx): Promise<void> {
    await tx.run(
      `UPDATE discovery_sim_units u SET use = CASE WHEN f.map_use <> 'mixed' THEN f.map_use
         WHEN coalesce(x.level, 0) = 0 THEN 'commercial' ELSE 'residential' END
       FROM discovery_sample s JOIN discovery_found d ON d.id = s.found_id JOIN discovery_figures f USING (group_id)
       JOIN discovery_units x ON x.property_id = s.property_id
       WHERE s.kind = 'changed_use' AND u.property_id = s.property_id AND x.unit_no = u.unit_no AND x.built`,
    );
  }

  /** Each further floor is as the highest one on the roll, with the area that the map gives it. */
  private async moreFloors(tx: Tx): Promise<void> {
    await tx.run(
      `INSERT INTO discovery_sim_units (ulb_id, property_id, unit_no, effective, floor, use, structure, occupancy,
         year_built, area_m2, capital_value, facts, recorded_at)
       SELECT u.ulb_id, u.property_id, (u.last_no + i)::smallint, u.effective, (f.roll_floors + i - 1)::text, u.use,
         u.structure, u.occupancy, u.year_built, d.excess_m2 / (f.map_floors - f.roll_floors), NULL, u.facts, u.recorded_at
       FROM discovery_sample s JOIN discovery_found d ON d.id = s.found_id JOIN discovery_figures f USING (group_id)
       CROSS JOIN LATERAL (SELECT x.*, max(x.unit_no) OVER () AS last_no FROM discovery_units x
         WHERE x.property_id = s.property_id AND x.built ORDER BY x.level DESC NULLS LAST, x.area_m2 DESC LIMIT 1) AS u
       CROSS JOIN LATERAL generate_series(1, f.map_floors - f.roll_floors) AS i
       WHERE s.kind = 'extra_floor'`,
    );
  }

  private async bareLand(tx: Tx): Promise<void> {
    await tx.run(`DELETE FROM discovery_sim_units u WHERE ${isBuilt('u')}`);
    const land = `SELECT s.property_id, 1 AS unit_no, 'land' AS floor, 'vacant' AS use,
        coalesce(p.land_area_m2, g.area_m2) AS area_m2, NULL::smallint AS year_built
      FROM discovery_sample s JOIN discovery_found d ON d.id = s.found_id
      JOIN discovery_sim_properties p ON p.id = s.property_id
      LEFT JOIN parcels g ON g.ulb_id = p.ulb_id AND g.id = d.parcel_id
      WHERE s.kind = 'demolished'
        AND NOT EXISTS (SELECT FROM discovery_sim_units u WHERE u.property_id = s.property_id)`;
    await this.addUnits(tx, land, []);
  }

  private async newAccounts(tx: Tx, ward: string, kind: FindingKind): Promise<void> {
    await tx.run(
      `INSERT INTO discovery_sim_properties (ulb_id, id, number, status, ward_number, zone_number, category,
         land_area_m2, facts, version, recorded_at)
       SELECT $1, s.property_id, 'new', 'active', nullif($2::text, ''), w.zone_number, w.category,
         coalesce(g.area_m2, f.footprint_m2), coalesce(w.facts, '{}') - 'lon' - 'lat', 1, now()
       FROM discovery_sample s JOIN discovery_found d ON d.id = s.found_id CROSS JOIN discovery_place w
       LEFT JOIN discovery_figures f ON f.group_id = d.group_id
       LEFT JOIN parcels g ON g.ulb_id = $1 AND g.id = d.parcel_id WHERE s.kind = $3`,
      [tx.ctx.ulbId, ward, kind],
    );
    await tx.run(
      `INSERT INTO discovery_sim_owners (ulb_id, property_id, owner_no, effective, name, share, class, recorded_at)
       SELECT ulb_id, id, 1, daterange(NULL, NULL), 'unknown', 1, 'none', now() FROM discovery_sim_properties`,
    );
    if (kind === 'no_account') return;
    const land = `SELECT s.property_id, 1 AS unit_no, 'land' AS floor, 'vacant' AS use, d.measured_m2 AS area_m2,
        NULL::smallint AS year_built
      FROM discovery_sample s JOIN discovery_found d ON d.id = s.found_id WHERE s.kind = 'vacant_untaxed'`;
    await this.addUnits(tx, land, []);
  }

  /** Adds units whose structure, occupancy and facts are those that most units of their use have in the ward. */
  private async addUnits(tx: Tx, units: string, values: (string | number)[]): Promise<void> {
    const at = values.length;
    await tx.run(
      `INSERT INTO discovery_sim_units (ulb_id, property_id, unit_no, effective, floor, use, structure, occupancy,
         year_built, area_m2, facts, recorded_at)
       SELECT $${at + 1}::int, n.property_id, n.unit_no, daterange(NULL, NULL), n.floor, n.use, c.structure,
         c.occupancy, CASE WHEN n.use <> 'vacant' THEN coalesce(n.year_built, c.year_built) END, n.area_m2,
         coalesce(c.facts, '{}'), now()
       FROM (${units}) AS n LEFT JOIN discovery_custom c USING (use)`,
      [...values, tx.ctx.ulbId],
    );
  }
}
