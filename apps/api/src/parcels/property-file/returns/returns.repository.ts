import { Injectable } from '@nestjs/common';
import type { SqlValue, Tx } from '../../../platform/database/tx.js';
import type { Finding, MapFigures } from './return-check.js';
import type { DeclaredUnit, Filing, ReturnsQuery } from './returns.schema.js';

export type ReturnStatus = 'filed' | 'accepted' | 'rejected' | 'revised';

export interface ReturnRow {
  id: string;
  property_id: string;
  number: string;
  ward_number: string | null;
  fy: number;
  status: ReturnStatus;
  filed_for: Filing['filedFor'];
  document: string | null;
  declared: DeclaredUnit[];
  findings: Finding[];
  change_id: string | null;
  made_by_login: string;
  made_at: Date;
  decided_by_login: string | null;
  decided_at: Date | null;
  decision_reason: string | null;
}

const returnSql = `SELECT r.id, r.property_id, p.number, p.ward_number, r.fy, r.status, r.filed_for, r.document, r.declared,
    r.findings, r.change_id, r.made_by_login, r.made_at, r.decided_by_login, r.decided_at, r.decision_reason
  FROM property_returns r JOIN properties p ON p.ulb_id = r.ulb_id AND p.id = r.property_id`;

@Injectable()
export class ReturnsRepository {
  /** What stands on the land of a property: a building counts where more than half of it lies there. */
  async mapFigures(tx: Tx, propertyId: string): Promise<MapFigures> {
    return tx.one(
      `WITH land AS MATERIALIZED (SELECT g.id, g.geom, g.area_m2 FROM property_parcels x
           JOIN parcels g ON g.ulb_id = x.ulb_id AND g.id = x.parcel_id
           WHERE x.ulb_id = $1 AND x.property_id = $2),
         standing AS (SELECT DISTINCT b.id, b.area_m2, b.floors FROM land l JOIN buildings b ON b.ulb_id = $1
             AND b.geom && l.geom AND ST_Area(ST_Intersection(b.geom, l.geom)) > ST_Area(b.geom) / 2)
       SELECT (SELECT count(*)::int FROM land) AS parcels, (SELECT sum(area_m2)::text FROM land) AS "landAreaM2",
         count(*)::int AS buildings, sum(area_m2)::text AS "footprintM2",
         sum(area_m2 * greatest(coalesce(floors, 1), 1))::text AS "floorAreaM2",
         count(*) FILTER (WHERE floors IS NULL)::int AS "buildingsWithoutFloors",
         (SELECT count(DISTINCT o.property_id)::int FROM land l
           JOIN property_parcels o ON o.ulb_id = $1 AND o.parcel_id = l.id AND o.property_id <> $2
           JOIN properties p ON p.ulb_id = $1 AND p.id = o.property_id AND p.status = 'active')
           AS "otherProperties"
       FROM standing`,
      [tx.ctx.ulbId, propertyId],
    );
  }

  async find(tx: Tx, id: string): Promise<ReturnRow | null> {
    return tx.maybe(`${returnSql} WHERE r.ulb_id = $1 AND r.id = $2 FOR UPDATE OF r`, [tx.ctx.ulbId, id]);
  }

  async list(
    tx: Tx,
    query: ReturnsQuery,
    wards: readonly string[] | null,
    most: number,
  ): Promise<ReturnRow[]> {
    const values: SqlValue[] = [tx.ctx.ulbId, most];
    const parts = ['r.ulb_id = $1'];
    if (query.propertyId) parts.push(`r.property_id = $${values.push(query.propertyId)}`);
    if (query.status) parts.push(`r.status = $${values.push(query.status)}`);
    if (wards) parts.push(`p.ward_number = ANY ($${values.push(wards)}::text[])`);
    return tx.rows(
      `${returnSql} WHERE ${parts.join(' AND ')} ORDER BY r.made_at DESC, r.id DESC LIMIT $2`,
      values,
    );
  }

  /** A return of the same year that nobody has decided is revised by this one. */
  async file(tx: Tx, id: string, given: Filing, findings: Finding[]): Promise<void> {
    const { ulbId, actor, now } = tx.ctx;
    await tx.run(
      `UPDATE property_returns SET status = 'revised'
       WHERE ulb_id = $1 AND property_id = $2 AND fy = $3 AND status = 'filed'`,
      [ulbId, given.propertyId, given.fy],
    );
    await tx.run(
      `INSERT INTO property_returns (ulb_id, id, property_id, fy, status, filed_for, document, declared, findings,
         made_by, made_by_login, made_at)
       VALUES ($1, $2, $3, $4, 'filed', $5, $6, $7::jsonb, $8::jsonb, $9, $10, $11)`,
      [
        ulbId,
        id,
        given.propertyId,
        given.fy,
        given.filedFor,
        given.document,
        JSON.stringify(given.units),
        JSON.stringify(findings),
        actor.id,
        actor.login,
        now,
      ],
    );
  }

  async decide(
    tx: Tx,
    id: string,
    decision: { status: 'accepted' | 'rejected'; changeId: string | null; reason: string },
  ): Promise<void> {
    await tx.run(
      `UPDATE property_returns SET status = $3, change_id = $4, decided_by = $5, decided_by_login = $6,
         decided_at = $7, decision_reason = $8 WHERE ulb_id = $1 AND id = $2`,
      [
        tx.ctx.ulbId,
        id,
        decision.status,
        decision.changeId,
        tx.ctx.actor.id,
        tx.ctx.actor.login,
        tx.ctx.now,
        decision.reason,
      ],
    );
  }
}
