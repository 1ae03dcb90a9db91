import { Injectable } from '@nestjs/common';
import type { SqlValue, Tx } from '../../platform/database/tx.js';
import type { SalesQuery } from './equity.schema.js';
import type { SaleRow } from './sales-file.js';

export interface KnownProperty {
  number: string;
  id: string;
  ward_number: string | null;
}

export interface RecordedSale {
  id: string;
  property_id: string;
  number: string;
  ward_number: string | null;
  sold_on: string;
  price_paise: string;
  document: string;
  arms_length: boolean;
  reason: string | null;
  recorded_by: string;
  recorded_at: Date;
}

const saleSql = `SELECT s.id, s.property_id, p.number, p.ward_number, s.sold_on, s.price_paise, s.document, s.arms_length,
    s.reason, s.recorded_by, s.recorded_at
  FROM sales s JOIN properties p ON p.ulb_id = s.ulb_id AND p.id = s.property_id WHERE s.ulb_id = $1`;

/** The register of sales. */
@Injectable()
export class SalesRepository {
  /** Properties by their numbers, or by a former one that only one of them bore. */
  async properties(tx: Tx, numbers: string[]): Promise<KnownProperty[]> {
    return tx.rows<KnownProperty>(
      `SELECT n.number, p.id, p.ward_number FROM unnest($2::text[]) AS n(number) CROSS JOIN LATERAL (
         SELECT p.id, p.ward_number FROM properties p WHERE p.ulb_id = $1 AND p.number = n.number
         UNION ALL
         SELECT p.id, p.ward_number FROM property_aliases a JOIN properties p ON p.ulb_id = $1 AND p.id = a.property_id
         WHERE a.ulb_id = $1 AND a.alias = n.number
           AND NOT EXISTS (SELECT FROM properties q WHERE q.ulb_id = $1 AND q.number = n.number)
           AND 1 = (SELECT count(DISTINCT b.property_id) FROM property_aliases b
             WHERE b.ulb_id = $1 AND b.alias = n.number) LIMIT 1) AS p`,
      [tx.ctx.ulbId, numbers],
    );
  }

  /** Enters sales by document and property; one that is there with other figures is corrected. */
  async enter(
    tx: Tx,
    importId: string,
    sales: (SaleRow & { propertyId: string })[],
  ): Promise<{ created: number; changed: number }> {
    const rows = sales.map(({ propertyId, soldOn, pricePaise, document, armsLength, reason }) => ({
      property_id: propertyId,
      sold_on: soldOn,
      price_paise: pricePaise.toString(),
      document,
      arms_length: armsLength,
      reason,
    }));
    const given = `jsonb_to_recordset($2::jsonb) AS g(property_id uuid, sold_on date, price_paise bigint, document text,
      arms_length boolean, reason text)`;
    const values = [tx.ctx.ulbId, JSON.stringify(rows), importId, tx.ctx.actor.login, tx.ctx.now];
    const changed = await tx.run(
      `UPDATE sales s SET sold_on = g.sold_on, price_paise = g.price_paise, arms_length = g.arms_length,
         reason = g.reason, import_id = $3, recorded_by = $4, recorded_at = $5
       FROM ${given} WHERE s.ulb_id = $1 AND s.document = g.document AND s.property_id = g.property_id
         AND (s.sold_on, s.price_paise, s.arms_length, s.reason)
           IS DISTINCT FROM (g.sold_on, g.price_paise, g.arms_length, g.reason)`,
      values,
    );
    const created = await tx.run(
      `INSERT INTO sales (ulb_id, id, property_id, sold_on, price_paise, document, arms_length, reason, import_id,
         recorded_by, recorded_at)
       SELECT $1, uuid_v7(), g.property_id, g.sold_on, g.price_paise, g.document, g.arms_length, g.reason, $3, $4, $5
       FROM ${given} ON CONFLICT (ulb_id, document, property_id) DO NOTHING`,
      values,
    );
    return { created, changed };
  }

  async page(tx: Tx, query: SalesQuery): Promise<RecordedSale[]> {
    const values: SqlValue[] = [tx.ctx.ulbId];
    const where: string[] = [];
    const { wardNumbers } = tx.ctx.actor;
    if (wardNumbers) where.push(`p.ward_number = ANY ($${values.push([...wardNumbers])}::text[])`);
    if (query.armsLength) where.push(`s.arms_length = $${values.push(query.armsLength === 'true')}`);
    if (query.after) where.push(`s.id < $${values.push(query.after)}`);
    const more = where.map((part) => ` AND ${part}`).join('');
    return tx.rows<RecordedSale>(
      `${saleSql}${more} ORDER BY s.id DESC LIMIT $${values.push(query.limit + 1)}`,
      values,
    );
  }

  async sale(tx: Tx, id: string): Promise<RecordedSale | null> {
    return tx.maybe<RecordedSale>(`${saleSql} AND s.id = $2`, [tx.ctx.ulbId, id]);
  }

  async setArmsLength(tx: Tx, id: string, armsLength: boolean, reason: string): Promise<void> {
    await tx.run(
      `UPDATE sales SET arms_length = $3, reason = $4, recorded_by = $5, recorded_at = $6 WHERE ulb_id = $1 AND id = $2`,
      [tx.ctx.ulbId, id, armsLength, reason, tx.ctx.actor.login, tx.ctx.now],
    );
  }
}
