import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';

/** A sale beside what the roll says of the property; `value` is null where nothing is assessed, or nothing above 0. */
export interface ComparedSale {
  price: string;
  value: string | null;
  ward: string | null;
  use: string | null;
}

export interface Asked {
  fy: number;
  /** The property step that is the value, or `tax`. */
  basis: string;
  from: string;
  until: string;
}

/** Sales held against assessments. */
@Injectable()
export class EquityRepository {
  /**
   * The last sale at arm's length of each property in the period, with the value of its last published assessment of the
   * year, both in rupees as exact decimals.
   */
  async compared(tx: Tx, { fy, basis, from, until }: Asked): Promise<ComparedSale[]> {
    return tx.rows<ComparedSale>(
      `SELECT (s.price_paise / 100.0)::text AS price, v.value::text AS value, p.ward_number AS ward, u.use
       FROM (SELECT DISTINCT ON (property_id) property_id, price_paise FROM sales
         WHERE ulb_id = $1 AND arms_length AND sold_on BETWEEN $4::date AND $5::date
         ORDER BY property_id, sold_on DESC, id DESC) AS s
       JOIN properties p ON p.ulb_id = $1 AND p.id = s.property_id
       LEFT JOIN LATERAL (SELECT CASE WHEN $3::text = 'tax' THEN a.total_paise / 100.0
           WHEN a.steps -> 'property' ->> $3::text ~ '^[0-9]{1,15}([.][0-9]+)?$'
           THEN (a.steps -> 'property' ->> $3::text)::numeric END AS value
         FROM assessments a WHERE a.ulb_id = $1 AND a.property_id = s.property_id AND a.fy = $2 AND a.run_id IN
           (SELECT r.id FROM assessment_runs r WHERE r.ulb_id = $1 AND r.published_at IS NOT NULL)
         ORDER BY a.assessment_no DESC LIMIT 1) AS v ON true
       LEFT JOIN LATERAL (SELECT x.use FROM units x WHERE x.ulb_id = $1 AND x.property_id = s.property_id
           AND coalesce(x.effective @> $5::date, false) ORDER BY x.area_m2 DESC NULLS LAST, x.unit_no LIMIT 1) AS u ON true
       WHERE $6::text[] IS NULL OR p.ward_number = ANY ($6)`,
      [tx.ctx.ulbId, fy, basis, from, until, tx.ctx.actor.wardNumbers],
    );
  }

  /** How many sales there are at all, and how many of the period are not at arm's length. */
  async counts(tx: Tx, { from, until }: Asked): Promise<{ all: number; period: number; excluded: number }> {
    return tx.one(
      `SELECT count(*)::int AS all, count(*) FILTER (WHERE sold_on BETWEEN $2::date AND $3::date)::int AS period,
         count(*) FILTER (WHERE NOT arms_length AND sold_on BETWEEN $2::date AND $3::date)::int AS excluded
       FROM sales WHERE ulb_id = $1`,
      [tx.ctx.ulbId, from, until],
    );
  }
}
