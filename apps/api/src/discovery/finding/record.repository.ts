import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';
import type { DiscoveryRow } from '../run/run.repository.js';

type Run = Pick<DiscoveryRow, 'id' | 'fy' | 'settings' | 'tariff_sha256'>;

export interface Recorded {
  added: number;
  seen: number;
  keptClosed: number;
  lapsed: number;
}

/** Figures of the footprints and accounts of a finding, as they stood when it was made. */
const footprintsOf = `(SELECT coalesce(jsonb_agg(jsonb_build_object('id', m.id, 'tileId', m.tile_id::text,
    'number', m.building_no, 'areaM2', m.area_m2::text, 'floors', m.floors, 'floorsFrom', m.floors_from, 'use', m.use,
    'overlap', m.overlap::text) ORDER BY m.area_m2 DESC, m.id), '[]') FROM discovery_map m WHERE m.group_id = d.group_id)`;
const accountsOf = `(SELECT coalesce(jsonb_agg(a.account ORDER BY a.number), '[]') FROM (
    SELECT p.number, jsonb_build_object('propertyId', p.id, 'number', p.number, 'units', count(u.unit_no),
      'declaredM2', sum(u.declared_area_m2)::text, 'surveyedM2', sum(u.measured_area_m2)::text,
      'adoptedM2', sum(u.area_m2)::text, 'floors', max(u.level) + 1,
      'uses', coalesce(jsonb_agg(DISTINCT u.use) FILTER (WHERE u.use IS NOT NULL), '[]')) AS account
    FROM discovery_accounts x JOIN properties p ON p.ulb_id = $1 AND p.id = x.property_id
    LEFT JOIN discovery_units u ON u.property_id = x.property_id
    WHERE x.ulb_id = $1 AND x.run_id = $2 AND x.group_id = d.group_id
      AND (d.kind <> 'demolished' OR x.property_id = d.property_id)
    GROUP BY p.id, p.number ORDER BY p.number LIMIT 100) AS a)`;
const evidence = `jsonb_build_object('runId', $2::uuid, 'footprints', ${footprintsOf}, 'accounts', ${accountsOf},
    'footprintCount', coalesce(f.footprints, 0), 'accountCount', coalesce(f.accounts, 0),
    'footprintM2', f.footprint_m2::text, 'measuredM2', f.measured_m2::text,
    'measuredOnRollFloorsM2', f.measured_on_roll_floors_m2::text, 'surveyedM2', f.surveyed_m2::text,
    'declaredM2', d.declared_m2::text, 'adoptedM2', d.adopted_m2::text, 'excessM2', round(d.excess_m2, 3)::text,
    'toleranceM2', round(d.tolerance_m2, 3)::text, 'mapFloors', f.map_floors, 'floorsFrom', f.floors_from,
    'rollFloors', f.roll_floors, 'mapUse', f.map_use, 'rollUses', to_jsonb(f.roll_uses), 'overlap', f.overlap::text,
    'parcelNo', g.parcel_no, 'landM2', g.area_m2::text, 'upperFloorPercent', $4::numeric)`;

/** The shape that is shown: the footprints, or the bare land. */
const shape = `coalesce((SELECT ST_UnaryUnion(ST_Collect(b.geom)) FROM discovery_map m
      JOIN buildings b ON b.ulb_id = $1 AND b.id = m.id WHERE m.group_id = d.group_id),
    (SELECT ST_UnaryUnion(ST_Collect(p.geom)) FROM property_parcels pp JOIN parcels p ON p.ulb_id = $1 AND p.id = pp.parcel_id
      WHERE pp.ulb_id = $1 AND pp.property_id = d.property_id), g.geom)`;

/** Takes what a run found into the register of findings. */
@Injectable()
export class RecordRepository {
  /**
   * A finding that is open is seen again, with fresh figures while nobody has looked at it. One that was dismissed or
   * paid stays closed unless its geometry or the roll has changed since; then a new one names the old. Open ones of the
   * ward that were not found again lapse.
   */
  async record(tx: Tx, run: Run, ward: string, settings: DiscoveryRow['settings']): Promise<Recorded> {
    await this.describe(tx, run, settings);
    const at = [tx.ctx.ulbId, run.id];
    const seen = await tx.run(
      `UPDATE findings o SET last_run_id = $2, changed_at = $3,
         fingerprint = ${fresh('n.fingerprint', 'o.fingerprint')}, evidence = ${fresh('n.evidence', 'o.evidence')},
         measured_m2 = ${fresh('n.measured_m2', 'o.measured_m2')}, declared_m2 = ${fresh('n.declared_m2', 'o.declared_m2')},
         adopted_m2 = ${fresh('n.adopted_m2', 'o.adopted_m2')}, geom = ${fresh('n.geom', 'o.geom')}, fy = ${fresh('n.fy', 'o.fy')},
         estimate_paise = ${fresh('n.estimate_paise', 'o.estimate_paise')}, estimate = ${fresh('n.estimate', 'o.estimate')}
       FROM discovery_new n
       WHERE o.ulb_id = $1 AND o.subject = n.subject AND o.kind = n.kind
         AND o.state NOT IN ('paid', 'dismissed', 'lapsed')`,
      [...at, tx.ctx.now],
    );
    const total = await tx.one<{ n: number }>('SELECT count(*)::int AS n FROM discovery_new');
    const added = await tx.run(
      `INSERT INTO findings (ulb_id, id, kind, subject, building_id, parcel_id, property_id, ward_number, fingerprint,
         measured_m2, declared_m2, adopted_m2, evidence, fy, estimate_paise, estimate, previous_id, first_run_id,
         last_run_id, found_at, changed_at, geom)
       SELECT $1, n.id, n.kind, n.subject, n.building_id, n.parcel_id, n.property_id, $3, n.fingerprint, n.measured_m2,
         n.declared_m2, n.adopted_m2, n.evidence, n.fy, n.estimate_paise, n.estimate, old.id, $2, $2, $4, $4, n.geom
       FROM discovery_new n LEFT JOIN LATERAL (SELECT o.id, o.state, o.fingerprint FROM findings o
         WHERE o.ulb_id = $1 AND o.subject = n.subject AND o.kind = n.kind ORDER BY o.found_at DESC, o.id DESC LIMIT 1) AS old
         ON true
       WHERE old.id IS NULL OR old.state = 'lapsed'
         OR old.state IN ('dismissed', 'paid') AND old.fingerprint <> n.fingerprint`,
      [...at, ward, tx.ctx.now],
    );
    await this.event(tx, `f.first_run_id = $2 AND f.ward_number = $3`, [run.id, ward], 'found', null);
    const lapsed = await this.lapse(tx, run, ward);
    return { added, seen, keptClosed: total.n - seen - added, lapsed };
  }

  /** How many of each kind this ward has, added to those of the wards before. */
  async kinds(tx: Tx, before: Record<string, number>): Promise<Record<string, number>> {
    const rows = await tx.rows<{ kind: string; n: number }>(
      'SELECT kind, count(*)::int AS n FROM discovery_new GROUP BY kind',
    );
    const sums = { ...before };
    for (const { kind, n } of rows) sums[kind] = (sums[kind] ?? 0) + n;
    return sums;
  }

  private async describe(tx: Tx, run: Run, settings: DiscoveryRow['settings']): Promise<void> {
    await tx.run(
      `CREATE TEMP TABLE discovery_new ON COMMIT DROP AS
       SELECT d.id, d.kind, d.subject, d.building_id, d.parcel_id, d.property_id, d.fingerprint,
         round(d.measured_m2, 3) AS measured_m2, d.declared_m2, d.adopted_m2, ${evidence} AS evidence, $3::smallint AS fy,
         d.after_paise - d.before_paise AS estimate_paise,
         jsonb_build_object('beforePaise', d.before_paise::text, 'afterPaise', d.after_paise::text,
           'missing', to_jsonb(d.missing), 'assumed', d.assumed, 'tariffSha256', $5::text) AS estimate, ${shape} AS geom
       FROM discovery_found d LEFT JOIN discovery_figures f ON f.group_id = d.group_id AND d.kind <> 'vacant_untaxed'
       LEFT JOIN parcels g ON g.ulb_id = $1 AND g.id = d.parcel_id`,
      [tx.ctx.ulbId, run.id, run.fy, settings.upperFloorPercent, run.tariff_sha256],
    );
    // A property that is known by a position alone, whose building is gone, has no shape to show.
    await tx.run('DELETE FROM discovery_new WHERE geom IS NULL');
  }

  private async lapse(tx: Tx, run: Run, ward: string): Promise<number> {
    const gone = `f.ward_number = $3 AND f.state = 'found' AND f.last_run_id <> $2`;
    const values = [run.id, ward];
    await this.event(tx, gone, values, 'lapsed', 'found');
    return tx.run(
      `UPDATE findings f SET state = 'lapsed', ended_at = $4, ended_reason = 'Map and roll agree again.', changed_at = $4
       WHERE f.ulb_id = $1 AND ${gone}`,
      [tx.ctx.ulbId, ...values, tx.ctx.now],
    );
  }

  private async event(
    tx: Tx,
    which: string,
    values: string[],
    to: string,
    from: string | null,
  ): Promise<void> {
    await tx.run(
      `INSERT INTO finding_events (ulb_id, finding_id, event_no, from_state, to_state, by_login, at)
       SELECT $1, f.id, coalesce((SELECT max(event_no) FROM finding_events e
         WHERE e.ulb_id = $1 AND e.finding_id = f.id), 0) + 1, $4, $5, $6, $7
       FROM findings f WHERE f.ulb_id = $1 AND ${which}`,
      [tx.ctx.ulbId, ...values, from, to, tx.ctx.actor.login, tx.ctx.now],
    );
  }
}

/** While a finding is only found its figures follow the map; from then on they are what somebody looked at. */
function fresh(next: string, stands: string): string {
  return `CASE WHEN o.state = 'found' THEN ${next} ELSE ${stands} END`;
}
