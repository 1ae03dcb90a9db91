import { Injectable } from '@nestjs/common';
import type { SqlValue, Tx } from '../platform/database/tx.js';
import type { RollStatus } from './parcels.schema.js';

export interface RollRow {
  id: string;
  number: string;
  ward_number: string | null;
  address: string | null;
  /** The use of the largest unit. */
  use: string | null;
  units: number;
  area_m2: string | null;
  owner: string | null;
  owners: number;
  parcel_id: string | null;
  no_parcel_reason: string | null;
  demand_paise: string | null;
  fy: number | null;
}

export interface RollFilter {
  ward: string | null;
  use: string | null;
  status: RollStatus;
  parcelId: string | null;
}

export interface CardRow {
  id: string;
  number: string;
  status: string;
  ward_number: string | null;
  zone_number: string | null;
  category: string | null;
  locality: string | null;
  address: string | null;
  address_local: string | null;
  land_area_m2: string | null;
  no_parcel_reason: string | null;
  facts: Record<string, unknown>;
  aliases: { alias: string; kind: string }[];
  parcels: { id: string; parcelNo: string | null; areaM2: string; tileId: number }[];
}

export interface UnitRow {
  unit_no: number;
  floor: string | null;
  use: string | null;
  structure: string | null;
  occupancy: string | null;
  year_built: number | null;
  area_m2: string | null;
  declared_area_m2: string | null;
  measured_area_m2: string | null;
  capital_value: string | null;
  facts: Record<string, unknown>;
  from_day: string | null;
}

export interface OwnerRow {
  owner_no: number;
  name: string;
  name_local: string | null;
  mobile: string | null;
  share: string;
  class: string;
}

export interface DuesRow {
  fy: number | null;
  assessment_no: number | null;
  total_paise: string | null;
  exempt: boolean | null;
  tariff_title: Record<string, string> | null;
  tariff_status: 'sample' | 'notified' | null;
  opening_paise: string;
  demand_paise: string;
  /** Rebates less what of them was taken back. */
  rebate_paise: string;
}

/** The last published assessment of property `p`; $1 is the municipality. */
const lastAssessment = `SELECT fy, assessment_no, total_paise, exempt, tariff_sha256 FROM assessments
  WHERE ulb_id = p.ulb_id AND property_id = p.id AND run_id = ANY (ARRAY(
    SELECT id FROM assessment_runs WHERE ulb_id = $1 AND published_at IS NOT NULL)) ORDER BY fy DESC, assessment_no DESC LIMIT 1`;

/** Conditions on property `p`, each a constant text. */
const byStatus: Record<RollStatus, string> = {
  active: "p.status = 'active'",
  retired: "p.status = 'retired'",
  assessed: `p.status = 'active' AND EXISTS (${lastAssessment})`,
  unassessed: `p.status = 'active' AND NOT EXISTS (${lastAssessment})`,
  exempt: `p.status = 'active' AND (SELECT exempt FROM (${lastAssessment}) AS a)`,
  exception: `p.id IN (SELECT property_id FROM assessment_exceptions WHERE ulb_id = $1 AND run_id =
    (SELECT id FROM assessment_runs WHERE ulb_id = $1 AND property_id IS NULL
       AND status IN ('computed', 'publishing', 'published') ORDER BY created_at DESC LIMIT 1))`,
  unmapped: `p.status = 'active' AND p.no_parcel_reason IS NOT NULL`,
};

/** The roll as people read it. Writes nothing: the roll is written by its import. */
@Injectable()
export class ParcelsRepository {
  /** One page in the order of the numbers, after the number `after`. `day` says which units and owners stand. */
  async page(
    tx: Tx,
    filter: RollFilter,
    day: string,
    after: string | null,
    limit: number,
  ): Promise<RollRow[]> {
    const { where, values } = conditions(tx, filter, day);
    values.push(after ?? '', limit);
    return tx.rows<RollRow>(
      `WITH page AS MATERIALIZED (SELECT p.* FROM properties p
         WHERE ${where} AND p.number > $${values.length - 1} ORDER BY p.number LIMIT $${values.length})
       SELECT p.id, p.number, p.ward_number, p.address, u.use, u.units, u.area_m2, o.owner, o.owners,
         (SELECT parcel_id FROM property_parcels WHERE ulb_id = p.ulb_id AND property_id = p.id
           ORDER BY parcel_id LIMIT 1) AS parcel_id,
         p.no_parcel_reason, a.total_paise AS demand_paise, a.fy
       FROM page p
       LEFT JOIN LATERAL (SELECT count(*)::int AS units, sum(area_m2) AS area_m2,
           (array_agg(use ORDER BY area_m2 DESC NULLS LAST, unit_no))[1] AS use
         FROM units WHERE ulb_id = p.ulb_id AND property_id = p.id AND effective @> $2::date) AS u ON true
       LEFT JOIN LATERAL (SELECT (array_agg(name ORDER BY owner_no))[1] AS owner, count(*)::int AS owners
         FROM owners WHERE ulb_id = p.ulb_id AND property_id = p.id AND effective @> $2::date) AS o ON true
       LEFT JOIN LATERAL (${lastAssessment}) AS a ON true
       ORDER BY p.number`,
      values,
    );
  }

  async count(tx: Tx, filter: RollFilter, day: string): Promise<number> {
    const { where, values } = conditions(tx, filter, day);
    const sql = `SELECT count(*)::int AS n FROM properties p WHERE ${where} AND $2::date IS NOT NULL`;
    return (await tx.one<{ n: number }>(sql, values)).n;
  }

  async card(tx: Tx, id: string): Promise<CardRow | null> {
    return tx.maybe<CardRow>(
      `SELECT p.id, p.number, p.status, p.ward_number, p.zone_number, p.category, p.locality, p.address,
         p.address_local, p.land_area_m2, p.no_parcel_reason, p.facts,
         (SELECT coalesce(json_agg(json_build_object('alias', alias, 'kind', kind) ORDER BY kind, alias), '[]')
           FROM property_aliases WHERE ulb_id = p.ulb_id AND property_id = p.id) AS aliases,
         (SELECT coalesce(json_agg(json_build_object('id', g.id, 'parcelNo', g.parcel_no, 'areaM2', g.area_m2::text,
             'tileId', g.tile_id) ORDER BY g.parcel_no, g.id), '[]')
           FROM property_parcels pp JOIN parcels g ON g.ulb_id = pp.ulb_id AND g.id = pp.parcel_id
           WHERE pp.ulb_id = p.ulb_id AND pp.property_id = p.id) AS parcels
       FROM properties p WHERE p.ulb_id = $1 AND p.id = $2`,
      [tx.ctx.ulbId, id],
    );
  }

  async units(tx: Tx, propertyId: string, day: string): Promise<UnitRow[]> {
    return tx.rows<UnitRow>(
      `SELECT unit_no, floor, use, structure, occupancy, year_built, area_m2, declared_area_m2, measured_area_m2,
         capital_value, facts, lower(effective) AS from_day
       FROM units WHERE ulb_id = $1 AND property_id = $2 AND effective @> $3::date ORDER BY unit_no`,
      [tx.ctx.ulbId, propertyId, day],
    );
  }

  /** Owners as they are written: whoever calls this masks them or records the reading. */
  async owners(tx: Tx, propertyId: string, day: string): Promise<OwnerRow[]> {
    return tx.rows<OwnerRow>(
      `SELECT owner_no, name, name_local, mobile, share, class FROM owners
       WHERE ulb_id = $1 AND property_id = $2 AND effective @> $3::date ORDER BY owner_no`,
      [tx.ctx.ulbId, propertyId, day],
    );
  }

  /** The last assessment with its tariff, and the sums of the ledger. */
  async dues(tx: Tx, propertyId: string): Promise<DuesRow> {
    return tx.one<DuesRow>(
      `SELECT a.fy, a.assessment_no, a.total_paise, a.exempt, t.title AS tariff_title, t.status AS tariff_status,
         coalesce(s.opening, 0)::text AS opening_paise, coalesce(s.demand, 0)::text AS demand_paise,
         coalesce(s.rebate, 0)::text AS rebate_paise
       FROM (SELECT $1::int AS ulb_id, $2::uuid AS id) AS p
       LEFT JOIN LATERAL (${lastAssessment}) AS a ON true
       LEFT JOIN tariff_files t ON t.ulb_id = p.ulb_id AND t.sha256 = a.tariff_sha256
       LEFT JOIN LATERAL (SELECT sum(amount_paise) FILTER (WHERE kind = 'opening') AS opening,
           sum(CASE kind WHEN 'demand' THEN amount_paise WHEN 'credit' THEN -amount_paise END) AS demand,
           sum(CASE WHEN kind LIKE 'rebate.%' THEN amount_paise
             WHEN kind LIKE 'unrebate.%' OR kind LIKE 'lapse.%' THEN -amount_paise END) AS rebate
         FROM postings WHERE ulb_id = p.ulb_id AND property_id = p.id) AS s ON true`,
      [tx.ctx.ulbId, propertyId],
    );
  }

  /** By its number, else by a former one; null where none or several bear it. */
  async idOfNumber(tx: Tx, number: string): Promise<string | null> {
    const rows = await tx.rows<{ id: string }>(
      `SELECT id FROM properties WHERE ulb_id = $1 AND number = $2
       UNION SELECT property_id FROM property_aliases WHERE ulb_id = $1 AND alias = $2
         AND NOT EXISTS (SELECT FROM properties WHERE ulb_id = $1 AND number = $2)`,
      [tx.ctx.ulbId, number],
    );
    return rows.length === 1 ? (rows[0]?.id ?? null) : null;
  }

  async hasParcel(tx: Tx, id: string): Promise<boolean> {
    const sql = 'SELECT 1 AS one FROM parcels WHERE ulb_id = $1 AND id = $2';
    return (await tx.maybe(sql, [tx.ctx.ulbId, id])) !== null;
  }
}

/** $1 is the municipality, $2 the day; each filter that is set adds a bound value. */
function conditions(tx: Tx, filter: RollFilter, day: string): { where: string; values: SqlValue[] } {
  const values: SqlValue[] = [tx.ctx.ulbId, day];
  const parts = ['p.ulb_id = $1', byStatus[filter.status]];
  if (filter.ward !== null) parts.push(`p.ward_number = $${values.push(filter.ward)}`);
  if (filter.use !== null) {
    parts.push(`EXISTS (SELECT FROM units u WHERE u.ulb_id = p.ulb_id AND u.property_id = p.id
      AND u.effective @> $2::date AND u.use = $${values.push(filter.use)})`);
  }
  if (filter.parcelId !== null) {
    parts.push(`p.id IN (SELECT property_id FROM property_parcels
      WHERE ulb_id = $1 AND parcel_id = $${values.push(filter.parcelId)})`);
  }
  return { where: parts.join(' AND '), values };
}
