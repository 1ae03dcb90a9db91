import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';

/** Accounts that every municipality has; a tariff's heads add one income account each. */
export const receivables = 'receivables';
export const openingBalances = 'opening-balances';

export interface Account {
  code: string;
  kind: 'asset' | 'liability' | 'income' | 'expense' | 'equity';
  title: string;
}

export interface Opening {
  propertyId: string;
  /** First calendar year of the financial year that the dues come from. */
  fy: number;
  head: string;
  amountPaise: bigint;
  /** `YYYY-MM-DD` */
  dueOn: string;
}

export interface Balance {
  propertyId: string;
  openingPaise: bigint;
  /** Demands less credits. */
  demandPaise: bigint;
  /** Rebates less what of them was taken back. */
  rebatePaise: bigint;
  balancePaise: bigint;
}

export interface TrialBalanceLine {
  account: string;
  title: string;
  debitPaise: bigint;
  creditPaise: bigint;
}

/** A rule of the books that does not hold, and how many rows break it. */
export interface LedgerFault {
  rule: string;
  count: number;
  example: string;
}

/**
 * The one writer of money. A posting is one balanced movement, so that the books cannot fail to balance; what can fail
 * is that they agree with the assessments, which `verify` proves.
 */
@Injectable()
export class LedgerRepository {
  /** Makes the accounts that are missing: the two that all have, and those given. */
  async ensureAccounts(tx: Tx, accounts: Account[]): Promise<void> {
    const all: Account[] = [
      { code: receivables, kind: 'asset', title: 'Property tax and cesses receivable' },
      { code: openingBalances, kind: 'equity', title: 'Balances brought forward' },
      ...accounts,
    ];
    await tx.run(
      `INSERT INTO accounts (ulb_id, code, kind, title)
       SELECT $1, code, kind, title FROM unnest($2::text[], $3::text[], $4::text[]) AS t(code, kind, title)
       ON CONFLICT DO NOTHING`,
      [tx.ctx.ulbId, all.map((a) => a.code), all.map((a) => a.kind), all.map((a) => a.title)],
    );
  }

  /**
   * Dues brought forward from the books before this one. Posting the same again writes nothing (natural key); another
   * amount under the same key is refused by the database. Returns how many were written.
   */
  async postOpenings(tx: Tx, openings: Opening[], sourceId: string, postedOn: string): Promise<number> {
    await this.ensureAccounts(tx, []);
    return tx.run(
      `INSERT INTO postings (ulb_id, property_id, fy, head, instalment, kind, entry_no, debit_account, credit_account,
         amount_paise, due_on, posted_on, source_id)
       SELECT $1, o.property_id, o.fy, o.head, 0, 'opening', 1, '${receivables}', '${openingBalances}',
         o.amount_paise, o.due_on, $7, $8
       FROM unnest($2::uuid[], $3::smallint[], $4::text[], $5::bigint[], $6::date[])
         AS o(property_id, fy, head, amount_paise, due_on)
       WHERE NOT EXISTS (SELECT FROM postings p WHERE p.ulb_id = $1 AND p.property_id = o.property_id
         AND p.fy = o.fy AND p.head = o.head AND p.instalment = 0 AND p.kind = 'opening' AND p.entry_no = 1
         AND p.amount_paise = o.amount_paise)`,
      [
        tx.ctx.ulbId,
        openings.map((o) => o.propertyId),
        openings.map((o) => o.fy),
        openings.map((o) => o.head),
        openings.map((o) => o.amountPaise.toString()),
        openings.map((o) => o.dueOn),
        postedOn,
        sourceId,
      ],
    );
  }

  /**
   * Those of the given dues that were brought forward before with another amount, and that amount by property. Dues
   * of nothing count too: they differ from any that were posted.
   */
  async openingsThatDiffer(tx: Tx, openings: Opening[]): Promise<Map<string, bigint>> {
    const rows = await tx.rows<{ property_id: string; amount: string }>(
      `SELECT p.property_id, p.amount_paise::text AS amount
       FROM unnest($2::uuid[], $3::smallint[], $4::text[], $5::bigint[]) AS o(property_id, fy, head, amount_paise)
       JOIN postings p ON p.ulb_id = $1 AND p.property_id = o.property_id AND p.fy = o.fy AND p.head = o.head
         AND p.instalment = 0 AND p.kind = 'opening' AND p.entry_no = 1 AND p.amount_paise <> o.amount_paise`,
      [
        tx.ctx.ulbId,
        openings.map((o) => o.propertyId),
        openings.map((o) => o.fy),
        openings.map((o) => o.head),
        openings.map((o) => o.amountPaise.toString()),
      ],
    );
    return new Map(rows.map((row) => [row.property_id, BigInt(row.amount)]));
  }

  /** Balances of the given properties; one without a posting has none and is not in the answer. */
  async balances(tx: Tx, propertyIds: string[]): Promise<Balance[]> {
    const rows = await tx.rows<{ property_id: string; opening: string; demand: string; rebate: string }>(
      `SELECT property_id,
         coalesce(sum(amount_paise) FILTER (WHERE kind = 'opening'), 0) AS opening,
         coalesce(sum(CASE kind WHEN 'demand' THEN amount_paise WHEN 'credit' THEN -amount_paise ELSE 0 END), 0) AS demand,
         coalesce(sum(CASE WHEN kind LIKE 'rebate.%' THEN amount_paise
           WHEN kind LIKE 'unrebate.%' OR kind LIKE 'lapse.%' THEN -amount_paise END), 0) AS rebate
       FROM postings WHERE ulb_id = $1 AND property_id = ANY ($2::uuid[]) GROUP BY property_id ORDER BY property_id`,
      [tx.ctx.ulbId, propertyIds],
    );
    return rows.map((row) => {
      const openingPaise = BigInt(row.opening);
      const demandPaise = BigInt(row.demand);
      const rebatePaise = BigInt(row.rebate);
      return {
        propertyId: row.property_id,
        openingPaise,
        demandPaise,
        rebatePaise,
        balancePaise: openingPaise + demandPaise - rebatePaise,
      };
    });
  }

  async trialBalance(tx: Tx): Promise<TrialBalanceLine[]> {
    const rows = await tx.rows<{ code: string; title: string; debit: string; credit: string }>(
      `WITH moved AS (SELECT debit_account, credit_account, sum(amount_paise) AS amount FROM postings
         WHERE ulb_id = $1 GROUP BY 1, 2),
       sides AS (SELECT debit_account AS code, amount AS debit, 0 AS credit FROM moved
         UNION ALL SELECT credit_account, 0, amount FROM moved)
       SELECT code, coalesce(max(a.title), '') AS title, sum(debit)::text AS debit, sum(credit)::text AS credit
       FROM sides LEFT JOIN accounts a USING (code) GROUP BY code ORDER BY code`,
      [tx.ctx.ulbId],
    );
    return rows.map((row) => ({
      account: row.code,
      title: row.title,
      debitPaise: BigInt(row.debit),
      creditPaise: BigInt(row.credit),
    }));
  }

  /** Every rule of the books that does not hold; an empty list is the proof. Reads all postings of the municipality. */
  async verify(tx: Tx): Promise<LedgerFault[]> {
    const faults: LedgerFault[] = [];
    for (const [rule, sql] of Object.entries(rules)) {
      const { count, example } = await tx.one<{ count: string; example: string | null }>(
        `SELECT count(*) AS count, min(what) AS example FROM (${sql}) AS broken`,
        [tx.ctx.ulbId],
      );
      if (count !== '0') faults.push({ rule, count: Number(count), example: example ?? '' });
    }
    return faults;
  }
}

/** Assessments whose demands stand in the ledger: of published runs, and of the chunks that a run has posted so far. */
const postedAssessments = `
  SELECT a.* FROM assessments a JOIN assessment_runs r ON r.ulb_id = a.ulb_id AND r.id = a.run_id
  WHERE a.ulb_id = $1 AND (r.published_at IS NOT NULL OR (r.status = 'publishing' AND EXISTS (
    SELECT FROM assessment_chunks c WHERE c.ulb_id = a.ulb_id AND c.run_id = a.run_id AND c.posted_at IS NOT NULL
      AND a.property_id >= c.first_property AND a.property_id <= c.last_property)))`;

/** Each lists the rows that break a rule, named in `what`. $1 is the municipality. */
const rules = {
  'every posting names accounts that exist': `
    SELECT side.code AS what FROM (SELECT DISTINCT unnest(ARRAY[debit_account, credit_account]) AS code
      FROM postings WHERE ulb_id = $1) AS side
    WHERE NOT EXISTS (SELECT FROM accounts a WHERE a.ulb_id = $1 AND a.code = side.code)`,
  'demand debits the receivables, and a credit or rebate takes from them': `
    SELECT property_id::text AS what FROM postings WHERE ulb_id = $1 AND
      CASE WHEN kind = 'credit' OR kind LIKE 'rebate.%' THEN credit_account ELSE debit_account END <> '${receivables}'`,
  'no more of a rebate is taken back than was given, and no more is given than is demanded': `
    SELECT property_id::text || ' ' || fy || ' ' || head AS what FROM postings
    WHERE ulb_id = $1 AND kind <> 'opening' GROUP BY property_id, fy, head, instalment
    HAVING sum(CASE WHEN kind LIKE 'rebate.%' THEN amount_paise WHEN kind LIKE '%.%' THEN -amount_paise ELSE 0 END)
      NOT BETWEEN 0 AND sum(CASE kind WHEN 'demand' THEN amount_paise WHEN 'credit' THEN -amount_paise ELSE 0 END)`,
  "the demand of a property and year is its last published assessment's total": `
    SELECT property_id::text || ' ' || fy AS what FROM
      (SELECT DISTINCT ON (property_id, fy) property_id, fy, total_paise FROM (${postedAssessments}) AS a
       ORDER BY property_id, fy, assessment_no DESC) AS assessed
      FULL JOIN
      (SELECT property_id, fy, sum(CASE kind WHEN 'demand' THEN amount_paise ELSE -amount_paise END) AS amount
       FROM postings WHERE ulb_id = $1 AND kind IN ('demand', 'credit') GROUP BY property_id, fy) AS posted
      USING (property_id, fy)
    WHERE coalesce(assessed.total_paise, 0) <> coalesce(posted.amount, 0)
       OR (assessed.total_paise IS NULL AND posted.amount IS NOT NULL)`,
  'every demand and credit belongs to an assessment that was published': `
    SELECT p.property_id::text || ' ' || p.fy AS what FROM postings p
    WHERE p.ulb_id = $1 AND p.kind IN ('demand', 'credit') AND NOT EXISTS (SELECT FROM (${postedAssessments}) AS a
      WHERE a.property_id = p.property_id AND a.fy = p.fy
        AND a.assessment_no = p.entry_no AND a.run_id = p.source_id)`,
};
