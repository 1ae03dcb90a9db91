import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { receivables } from './ledger.repository.js';

/** What one position of an assessment's amounts stands for. */
export interface Charge {
  head: string;
  instalment: number;
  /** The income account. */
  account: string;
  /** `YYYY-MM-DD` */
  dueOn: string;
}

/** The draft assessments of one run between two property ids, both included. */
export interface Drafts {
  runId: string;
  fy: number;
  charges: Charge[];
  firstProperty: string;
  lastProperty: string;
  /** `YYYY-MM-DD` */
  postedOn: string;
}

/** Bound as $1 to $10: municipality, year, run, first and last property, day, and the four columns of the charges. */
const valuesOf = (tx: Tx, { runId, fy, charges, firstProperty, lastProperty, postedOn }: Drafts) => [
  tx.ctx.ulbId,
  fy,
  runId,
  firstProperty,
  lastProperty,
  postedOn,
  charges.map((charge) => charge.head),
  charges.map((charge) => charge.instalment),
  charges.map((charge) => charge.account),
  charges.map((charge) => charge.dueOn),
];

const ofRange =
  'ulb_id = $1::int AND fy = $2::smallint AND property_id >= $4::uuid AND property_id <= $5::uuid';

const chargeSql = `charge AS MATERIALIZED (SELECT * FROM unnest($7::text[], $8::smallint[], $9::text[], $10::date[])
    WITH ORDINALITY AS c(head, instalment, account, due_on, position) ORDER BY head COLLATE "C", instalment),
  draft AS NOT MATERIALIZED (SELECT property_id, assessment_no, amounts_paise FROM assessments
    WHERE ${ofRange} AND run_id = $3::uuid ORDER BY property_id)`;

const columns = `(ulb_id, property_id, fy, head, instalment, kind, entry_no, debit_account, credit_account,
  amount_paise, due_on, posted_on, source_id)`;

/**
 * For a range in which the year has no demand yet. Property by property, in the order of the key: the index then grows
 * at its end, which is twice as fast as head by head. That the inner SELECT reads the property keeps the planner from
 * remembering its results by the amounts, which costs more than it saves.
 */
const firstSql = `WITH ${chargeSql}
  INSERT INTO postings ${columns}
  SELECT $1::int, d.property_id, $2::smallint, c.head, c.instalment, 'demand', d.assessment_no, '${receivables}', c.account,
    d.amounts_paise[c.position], c.due_on, $6::date, $3::uuid
  FROM draft d CROSS JOIN LATERAL
    (SELECT * FROM charge c WHERE d.amounts_paise[c.position] > 0 AND d.property_id IS NOT NULL OFFSET 0) AS c`;

/**
 * What each head and instalment should be, against what the ledger holds: a demand where it is more, a credit where it
 * is less, nothing where it is the same. A head that the tariff dropped is credited back.
 */
const differenceSql = `WITH ${chargeSql},
  held AS (SELECT property_id, head, instalment, max(due_on) AS due_on,
      max(CASE kind WHEN 'demand' THEN credit_account ELSE debit_account END) AS account,
      sum(CASE kind WHEN 'demand' THEN amount_paise ELSE -amount_paise END) AS amount
    FROM postings WHERE ${ofRange} AND kind IN ('demand', 'credit')
      AND property_id IN (SELECT property_id FROM draft)
    GROUP BY property_id, head, instalment),
  wanted AS (SELECT property_id, c.head, c.instalment, c.account, c.due_on, amounts_paise[c.position] AS amount
    FROM draft CROSS JOIN charge c),
  difference AS (SELECT property_id, head, instalment, coalesce(w.account, h.account) AS account,
      coalesce(w.due_on, h.due_on) AS due_on, coalesce(w.amount, 0) - coalesce(h.amount, 0) AS amount_paise
    FROM wanted w FULL JOIN held h USING (property_id, head, instalment)
    WHERE coalesce(w.amount, 0) <> coalesce(h.amount, 0)),
  posted AS (INSERT INTO postings ${columns}
    SELECT $1::int, property_id, $2::smallint, head, instalment,
      CASE WHEN amount_paise > 0 THEN 'demand' ELSE 'credit' END, assessment_no,
      CASE WHEN amount_paise > 0 THEN '${receivables}' ELSE account END,
      CASE WHEN amount_paise > 0 THEN account ELSE '${receivables}' END,
      abs(amount_paise), due_on, $6::date, $3::uuid
    FROM difference JOIN draft USING (property_id)
    RETURNING CASE kind WHEN 'demand' THEN amount_paise ELSE -amount_paise END AS net)
  SELECT coalesce(sum(net), 0)::text AS net FROM posted`;

/** Posts demands set by set. The natural key of a posting refuses the same demand twice. */
@Injectable()
export class DemandRepository {
  /** True where the year has demands already for some property between the two, both included. */
  async hasDemands(tx: Tx, fy: number, firstProperty: string, lastProperty: string): Promise<boolean> {
    const { found } = await tx.one<{ found: boolean }>(
      `SELECT EXISTS (SELECT FROM postings WHERE ulb_id = $1 AND fy = $2 AND property_id >= $3 AND property_id <= $4
         AND kind IN ('demand', 'credit')) AS found`,
      [tx.ctx.ulbId, fy, firstProperty, lastProperty],
    );
    return found;
  }

  /** Posts all that the drafts state: the range has no demand of the year yet. */
  async postFirst(tx: Tx, drafts: Drafts): Promise<void> {
    await tx.run(firstSql, valuesOf(tx, drafts));
  }

  /** Posts by how much the drafts differ from the ledger. Returns the sum of demands less credits, in paise. */
  async postDifferences(tx: Tx, drafts: Drafts): Promise<bigint> {
    return BigInt((await tx.one<{ net: string }>(differenceSql, valuesOf(tx, drafts))).net);
  }
}
