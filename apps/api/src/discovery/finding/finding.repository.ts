import { Injectable } from '@nestjs/common';
import type { SqlValue, Tx } from '../../platform/database/tx.js';
import { limits } from '../../platform/limits.js';
import type { FindingQuery } from './finding.schema.js';
import { type FindingKind, findingKinds, type FindingState } from './states.js';

export interface FindingRow {
  id: string;
  tile_id: string;
  kind: FindingKind;
  state: FindingState;
  ward_number: string;
  number: string | null;
  parcel_no: string | null;
  building_id: string | null;
  parcel_id: string | null;
  property_id: string | null;
  measured_m2: string | null;
  declared_m2: string | null;
  adopted_m2: string | null;
  estimate_paise: string | null;
  fy: number;
  found_at: Date;
  changed_at: Date;
  lon: number;
  lat: number;
  building_tile: string | null;
  parcel_tile: string | null;
}

/** What a finding would change in a year's tax; amounts are null where something is missing. */
export interface Estimate {
  beforePaise: string | null;
  afterPaise: string | null;
  missing: string[] | null;
  assumed: Record<string, unknown> | null;
  tariffSha256: string | null;
}

export interface FindingCardRow extends FindingRow {
  evidence: Record<string, unknown>;
  estimate: Estimate;
  tariff_status: 'sample' | 'notified' | null;
  verified_at: Date | null;
  noticed_on: string | null;
  objections_until: string | null;
  objected_on: string | null;
  demanded_on: string | null;
  demanded_paise: string | null;
  paid_on: string | null;
  paid_paise: string | null;
  ended_at: Date | null;
  ended_reason: string | null;
  previous_id: string | null;
  bbox: number[];
}

export interface EventRow {
  eventNo: number;
  from: FindingState | null;
  to: FindingState;
  note: string | null;
  byLogin: string;
  at: Date;
}

export interface FunnelRow {
  ward_number: string;
  kind: FindingKind;
  found: number;
  found_paise: string;
  without_estimate: number;
  verified: number;
  verified_paise: string;
  noticed: number;
  noticed_paise: string;
  objected: number;
  objected_paise: string;
  demanded: number;
  demanded_paise: string;
  paid: number;
  paid_paise: string;
  dismissed: number;
  dismissed_paise: string;
}

const columns = `f.id, f.tile_id, f.kind, f.state, f.ward_number, p.number, g.parcel_no, f.building_id, f.parcel_id,
  f.property_id, f.measured_m2, f.declared_m2, f.adopted_m2, f.estimate_paise, f.fy, f.found_at, f.changed_at,
  ST_X(ST_PointOnSurface(f.geom)) AS lon, ST_Y(ST_PointOnSurface(f.geom)) AS lat,
  tile_id(f.building_id) AS building_tile, tile_id(f.parcel_id) AS parcel_tile`;
const joins = `LEFT JOIN properties p ON p.ulb_id = f.ulb_id AND p.id = f.property_id
  LEFT JOIN parcels g ON g.ulb_id = f.ulb_id AND g.id = f.parcel_id`;
/** What orders a list: the dearest first, those without an estimate last. */
const weight = `coalesce(f.estimate_paise, -9000000000000000)`;

/** The register of findings: lists, cards, the funnel, tiles, and the one door to another state. */
@Injectable()
export class FindingRepository {
  /** `after` is the weight and id of the last finding of the page before. */
  async page(
    tx: Tx,
    query: FindingQuery,
    after: [string, string] | null,
    limit: number,
  ): Promise<FindingRow[]> {
    const { where, values } = conditions(tx, query);
    if (after) {
      where.push(`(${weight}, f.id) < ($${values.push(after[0])}::bigint, $${values.push(after[1])}::uuid)`);
    }
    return tx.rows<FindingRow>(
      `SELECT ${columns} FROM findings f ${joins} WHERE ${where.join(' AND ')}
       ORDER BY ${weight} DESC, f.id DESC LIMIT $${values.push(limit)}`,
      values,
    );
  }

  async totals(tx: Tx, query: FindingQuery): Promise<{ n: number; estimate_paise: string }> {
    const { where, values } = conditions(tx, query);
    return tx.one(
      `SELECT count(*)::int AS n, coalesce(sum(f.estimate_paise), 0)::text AS estimate_paise FROM findings f
       WHERE ${where.join(' AND ')}`,
      values,
    );
  }

  async card(tx: Tx, id: string): Promise<FindingCardRow | null> {
    return tx.maybe<FindingCardRow>(
      `SELECT ${columns}, f.evidence, f.estimate, t.status AS tariff_status, f.verified_at, f.noticed_on,
         f.objections_until, f.objected_on, f.demanded_on, f.demanded_paise, f.paid_on, f.paid_paise, f.ended_at,
         f.ended_reason, f.previous_id,
         ARRAY[ST_XMin(f.geom), ST_YMin(f.geom), ST_XMax(f.geom), ST_YMax(f.geom)] AS bbox
       FROM findings f ${joins}
       LEFT JOIN tariff_files t ON t.ulb_id = f.ulb_id AND t.sha256 = f.estimate ->> 'tariffSha256'
       WHERE f.ulb_id = $1 AND f.id = $2`,
      [tx.ctx.ulbId, id],
    );
  }

  async events(tx: Tx, id: string): Promise<EventRow[]> {
    return tx.rows<EventRow>(
      `SELECT event_no AS "eventNo", from_state AS "from", to_state AS "to", note, by_login AS "byLogin", at
       FROM finding_events WHERE ulb_id = $1 AND finding_id = $2 ORDER BY event_no`,
      [tx.ctx.ulbId, id],
    );
  }

  /** The state, held until the transaction ends: two officers cannot both take the same step. */
  async lock(tx: Tx, id: string): Promise<{ state: FindingState; ward_number: string } | null> {
    return tx.maybe('SELECT state, ward_number FROM findings WHERE ulb_id = $1 AND id = $2 FOR UPDATE', [
      tx.ctx.ulbId,
      id,
    ]);
  }

  /** Writes the new state with its columns (names of ours, never of a caller) and the event that tells of it. */
  async change(
    tx: Tx,
    id: string,
    to: FindingState,
    change: { from: FindingState; note: string; set: Record<string, SqlValue> },
  ): Promise<void> {
    const values: SqlValue[] = [tx.ctx.ulbId, id, to, tx.ctx.now];
    const set = Object.entries(change.set).map(([name, value]) => `, ${name} = $${values.push(value)}`);
    await tx.run(
      `UPDATE findings SET state = $3, changed_at = $4${set.join('')} WHERE ulb_id = $1 AND id = $2`,
      values,
    );
    await tx.run(
      `INSERT INTO finding_events (ulb_id, finding_id, event_no, from_state, to_state, note, by_login, at)
       SELECT $1, $2, coalesce(max(event_no), 0) + 1, $3, $4, $5, $6, $7
       FROM finding_events WHERE ulb_id = $1 AND finding_id = $2`,
      [tx.ctx.ulbId, id, change.from, to, change.note, tx.ctx.actor.login, tx.ctx.now],
    );
  }

  /** How many findings came to each stage and what they are worth: estimates as far as the notice, then real amounts. */
  async funnel(tx: Tx, kind: FindingKind | null, wards: readonly string[] | null): Promise<FunnelRow[]> {
    const stage = (name: string, reached: string, paise: string) =>
      `count(*) FILTER (WHERE ${reached})::int AS ${name},
       coalesce(sum(${paise}) FILTER (WHERE ${reached}), 0)::text AS ${name}_paise`;
    return tx.rows<FunnelRow>(
      `SELECT ward_number, kind, ${stage('found', 'true', 'estimate_paise')},
         count(*) FILTER (WHERE estimate_paise IS NULL)::int AS without_estimate,
         ${stage('verified', 'verified_at IS NOT NULL', 'estimate_paise')},
         ${stage('noticed', 'noticed_on IS NOT NULL', 'estimate_paise')},
         ${stage('objected', 'objected_on IS NOT NULL', 'estimate_paise')},
         ${stage('demanded', 'demanded_on IS NOT NULL', 'demanded_paise')},
         ${stage('paid', 'paid_on IS NOT NULL', 'paid_paise')},
         ${stage('dismissed', "state = 'dismissed'", 'estimate_paise')}
       FROM findings WHERE ulb_id = $1 AND state <> 'lapsed' AND ($2::text IS NULL OR kind = $2)
         AND ($3::text[] IS NULL OR ward_number = ANY ($3))
       GROUP BY ward_number, kind ORDER BY ward_number, kind`,
      [tx.ctx.ulbId, kind, wards],
    );
  }

  /** One vector tile of findings, layer `findings`: kind (also as its number, `class`) and state, no name and no number. */
  async tile(tx: Tx, at: { z: number; x: number; y: number }): Promise<Buffer> {
    const bytes = await tx.bytes(
      `WITH seen AS MATERIALIZED (SELECT f.tile_id, f.kind, f.state, f.geom_3857 FROM findings f
         WHERE f.ulb_id = $1 AND f.geom_3857 && ST_TileEnvelope($2, $3, $4, margin => 0.015625)
           AND f.state <> 'lapsed' AND ($5::text[] IS NULL OR f.ward_number = ANY ($5)) LIMIT $6)
       SELECT coalesce(ST_AsMVT(t, 'findings', 4096, 'g', 'tile_id'), '')::bytea FROM (
         SELECT tile_id, kind, array_position($7::text[], kind) - 1 AS class, state,
           ST_AsMVTGeom(geom_3857, ST_TileEnvelope($2, $3, $4), 4096, 64) AS g FROM seen) AS t
       WHERE g IS NOT NULL`,
      [tx.ctx.ulbId, at.z, at.x, at.y, tx.ctx.actor.wardNumbers, limits.tileFeatures, [...findingKinds]],
    );
    return bytes ?? Buffer.alloc(0);
  }
}

/** $1 is the municipality; whoever is bound to wards sees the findings of these wards only. */
function conditions(tx: Tx, query: FindingQuery): { where: string[]; values: SqlValue[] } {
  const values: SqlValue[] = [tx.ctx.ulbId];
  const where = ['f.ulb_id = $1'];
  const add = (sql: (place: string) => string, value: SqlValue) => where.push(sql(`$${values.push(value)}`));
  const { wardNumbers } = tx.ctx.actor;
  if (wardNumbers) add((at) => `f.ward_number = ANY (${at}::text[])`, [...wardNumbers]);
  if (query.ward !== undefined) add((at) => `f.ward_number = ${at}`, query.ward);
  if (query.kind) add((at) => `f.kind = ${at}`, query.kind);
  if (query.state === 'open') where.push(`f.state NOT IN ('paid', 'dismissed', 'lapsed')`);
  else if (query.state) add((at) => `f.state = ${at}`, query.state);
  else where.push(`f.state <> 'lapsed'`);
  if (query.on) {
    const [layer, tileId] = query.on.split('/') as ['buildings' | 'parcels', string];
    const column = layer === 'buildings' ? 'building_id' : 'parcel_id';
    add(
      (at) => `f.${column} = (SELECT id FROM ${layer} WHERE ulb_id = $1 AND tile_id = ${at}::bigint)`,
      tileId,
    );
  }
  return { where, values };
}
