import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import type { Charge, Drafts } from './demand.repository.js';
import { receivables } from './ledger.repository.js';

/** What one position of an assessment's rebates stands for; `account` is the one that they are booked to. */
export interface RebateCharge extends Charge {
  name: string;
}

/** A rebate of one head that is taken back, with SQL as `tariff` compiles it. */
export interface Lapse {
  rebate: string;
  head: string;
  account: string;
  /** Conditions and amounts read `c_fy`, and in rupees `c_rebate`, `c_demand`, `c_paid` and `c_balance`. */
  whenSql: string;
  amountSql: string;
  fy: number;
  /** `YYYY-MM-DD`: the day on which it lapses. What was paid from that day on comes too late. */
  lapsesOn: string;
  /** `YYYY-MM-DD`: the day on which that is written down. */
  postedOn: string;
  runId: string;
  firstProperty: string;
  lastProperty: string;
}

const columns = `(ulb_id, property_id, fy, head, instalment, kind, entry_no, debit_account, credit_account,
  amount_paise, due_on, posted_on, source_id)`;
const ofRange =
  'ulb_id = $1::int AND fy = $2::smallint AND property_id >= $4::uuid AND property_id <= $5::uuid';

/**
 * By how much the rebates of the drafts differ from those that the ledger holds. Everything is joined by FULL JOIN, which
 * is never done as a loop: what was written a moment ago has no statistics, and each draft would read all the others.
 */
const differenceSql = `WITH charge AS MATERIALIZED (
    SELECT * FROM unnest($7::text[], $8::smallint[], $9::text[], $10::date[], $11::text[])
      WITH ORDINALITY AS c(head, instalment, account, due_on, name, position)),
  draft AS MATERIALIZED (SELECT property_id, assessment_no FROM assessments WHERE ${ofRange} AND run_id = $3::uuid),
  rebated AS (SELECT * FROM (SELECT property_id, drafted, rebates_paise
      FROM (SELECT *, true AS drafted FROM draft) d FULL JOIN (SELECT property_id, assessment_no, rebates_paise
        FROM assessment_rebates WHERE ${ofRange}) r USING (property_id, assessment_no) OFFSET 0) b
    WHERE drafted AND rebates_paise IS NOT NULL),
  wanted AS (SELECT property_id, c.head, c.instalment, c.name, c.account, c.due_on, rebates_paise[c.position] AS amount
    FROM rebated CROSS JOIN charge c),
  held AS (SELECT property_id, head, instalment, substr(kind, strpos(kind, '.') + 1) AS name, max(due_on) AS due_on,
      max(CASE WHEN kind LIKE 'rebate.%' THEN debit_account ELSE credit_account END) AS account,
      sum(CASE WHEN kind LIKE 'rebate.%' THEN amount_paise ELSE -amount_paise END) AS amount
    FROM postings WHERE ${ofRange} AND (kind LIKE 'rebate.%' OR kind LIKE 'unrebate.%')
    GROUP BY 1, 2, 3, 4),
  difference AS (SELECT property_id, head, instalment, name, coalesce(w.account, h.account) AS account,
      coalesce(w.due_on, h.due_on) AS due_on, coalesce(w.amount, 0) - coalesce(h.amount, 0) AS amount
    FROM wanted w FULL JOIN held h USING (property_id, head, instalment, name)
    WHERE coalesce(w.amount, 0) <> coalesce(h.amount, 0))
  INSERT INTO postings ${columns}
  SELECT $1::int, property_id, $2::smallint, head, instalment,
    CASE WHEN amount > 0 THEN 'rebate.' ELSE 'unrebate.' END || name, assessment_no,
    CASE WHEN amount > 0 THEN account ELSE '${receivables}' END,
    CASE WHEN amount > 0 THEN '${receivables}' ELSE account END,
    abs(amount), due_on, $6::date, $3::uuid
  FROM (SELECT * FROM difference FULL JOIN draft USING (property_id) OFFSET 0) b
  WHERE amount IS NOT NULL AND assessment_no IS NOT NULL ORDER BY property_id, head, instalment, name`;

/** $1 to $5 as in the ranges; $6 head, $7 rebate, $8 the day that it lapses, $9 the day of posting, $10 the account. */
const lapseSql = (lapse: Lapse) => `WITH moved AS (
    SELECT property_id, instalment, kind, amount_paise, due_on, debit_account = '${receivables}' AS owed,
      kind NOT IN ('opening', 'demand', 'credit') AND kind NOT LIKE 'rebate.%' AND kind NOT LIKE 'unrebate.%'
        AND kind NOT LIKE 'lapse.%' AND debit_account <> '${receivables}' AS payment
    FROM postings WHERE ${ofRange} AND head = $6 AND kind <> 'opening' AND source_id IS NOT NULL
      AND (posted_on < $8::date OR kind IN ('demand', 'credit') OR kind LIKE '%rebate.%' OR kind LIKE 'lapse.%')),
  given AS (SELECT property_id, instalment,
      sum(CASE WHEN kind = 'rebate.' || $7 THEN amount_paise ELSE -amount_paise END) AS amount
    FROM moved WHERE kind IN ('rebate.' || $7, 'unrebate.' || $7) GROUP BY property_id, instalment),
  owed AS (SELECT property_id, $2::int AS c_fy,
      sum(CASE kind WHEN 'demand' THEN amount_paise WHEN 'credit' THEN -amount_paise ELSE 0 END) / 100.0 AS c_demand,
      coalesce(sum(amount_paise) FILTER (WHERE payment), 0) / 100.0 AS c_paid,
      sum(CASE WHEN owed THEN amount_paise ELSE -amount_paise END) / 100.0 AS c_balance
    FROM moved GROUP BY property_id HAVING count(*) FILTER (WHERE kind = 'lapse.' || $7) = 0),
  total AS (SELECT property_id, sum(amount) / 100.0 AS c_rebate FROM given GROUP BY property_id),
  dues AS (SELECT * FROM (SELECT * FROM owed FULL JOIN total USING (property_id) OFFSET 0) b WHERE c_fy IS NOT NULL),
  lapsed AS (SELECT property_id, (${lapse.amountSql} * 100)::bigint AS amount FROM dues
    WHERE c_rebate > 0 AND (${lapse.whenSql})),
  part AS (SELECT property_id, instalment, least(amount, greatest(0, whole - coalesce(sum(amount) OVER (
      PARTITION BY property_id ORDER BY instalment DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0))) AS amount
    FROM (SELECT property_id, instalment, g.amount, l.amount AS whole
      FROM given g FULL JOIN lapsed l USING (property_id) OFFSET 0) b WHERE amount > 0 AND whole IS NOT NULL),
  posted AS (INSERT INTO postings ${columns}
    SELECT $1::int, property_id, $2::smallint, $6, instalment, 'lapse.' || $7, 0, '${receivables}', $10, amount,
      $8::date, $9::date, $3::uuid
    FROM part WHERE amount > 0 ON CONFLICT DO NOTHING RETURNING property_id, amount_paise)
  SELECT count(DISTINCT property_id)::int AS properties, coalesce(sum(amount_paise), 0)::text AS paise FROM posted`;

/** Posts rebates, and their taking back. The natural key of a posting refuses the same movement twice. */
@Injectable()
export class RebateRepository {
  /** Posts by how much the rebates of drafts differ from those of before. Returns how many postings that took. */
  async postDifferences(tx: Tx, drafts: Omit<Drafts, 'charges'>, charges: RebateCharge[]): Promise<number> {
    return tx.run(differenceSql, [
      tx.ctx.ulbId,
      drafts.fy,
      drafts.runId,
      drafts.firstProperty,
      drafts.lastProperty,
      drafts.postedOn,
      charges.map((charge) => charge.head),
      charges.map((charge) => charge.instalment),
      charges.map((charge) => charge.account),
      charges.map((charge) => charge.dueOn),
      charges.map((charge) => charge.name),
    ]);
  }

  /** Takes a rebate back where its condition holds, once for each property, head and year; the last instalment first. */
  async postLapse(tx: Tx, lapse: Lapse): Promise<{ properties: number; paise: bigint }> {
    const row = await tx.one<{ properties: number; paise: string }>(lapseSql(lapse), [
      tx.ctx.ulbId,
      lapse.fy,
      lapse.runId,
      lapse.firstProperty,
      lapse.lastProperty,
      lapse.head,
      lapse.rebate,
      lapse.lapsesOn,
      lapse.postedOn,
      lapse.account,
    ]);
    return { properties: row.properties, paise: BigInt(row.paise) };
  }
}
