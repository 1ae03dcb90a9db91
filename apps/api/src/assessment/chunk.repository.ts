import { Injectable } from '@nestjs/common';
import { chargeSql, demandInsertSql, differenceInsertSql } from '../ledger/demand.repository.js';
import type { Tx } from '../platform/database/tx.js';
import type { CompiledTariff } from '../tariff/compile.js';

export interface Chunk {
  runId: string;
  fy: number;
  effectiveOn: string;
  postedOn: string;
  firstProperty: string;
  lastProperty: string;
  wardNumbers: string[] | null;
}

export interface ChunkCounts {
  properties: number;
  assessed: number;
  exempt: number;
  exceptions: number;
  unchanged: number;
  /** Of the assessments written now, exempt ones being 0. */
  totalPaise: bigint;
}

/** What each position of a computed array of amounts stands for. */
export interface Charge {
  head: string;
  instalment: number;
  account: string;
  dueOn: string;
}

/** Heads times instalments in the order of the compiled amounts, with the due days of the financial year `fy`. */
export function chargesOf(tariff: Pick<CompiledTariff, 'heads' | 'instalments'>, fy: number): Charge[] {
  return tariff.heads.flatMap((head) =>
    tariff.instalments.map(({ n, dueMonth, dueDay }) => {
      const year = dueMonth >= 4 ? fy : fy + 1;
      const dueOn = `${year}-${String(dueMonth).padStart(2, '0')}-${String(dueDay).padStart(2, '0')}`;
      return { head: head.name, instalment: n, account: head.account, dueOn };
    }),
  );
}

/** Computes and records one chunk of a run, each in one statement: the tariff's own, with the inserts around it. */
@Injectable()
export class ChunkRepository {
  /** Writes what the tariff says of the chunk's properties; what stands already unchanged is only counted. */
  async assess(tx: Tx, tariff: CompiledTariff, chunk: Chunk): Promise<ChunkCounts> {
    const charges = chargesOf(tariff, chunk.fy);
    const values = [
      tx.ctx.ulbId,
      chunk.fy,
      chunk.effectiveOn,
      chunk.firstProperty,
      chunk.lastProperty,
      chunk.wardNumbers,
      chunk.runId,
      tariff.sha256,
      chunk.postedOn,
      charges.map((charge) => charge.head),
      charges.map((charge) => charge.instalment),
      charges.map((charge) => charge.account),
      charges.map((charge) => charge.dueOn),
    ];
    const sql = (await this.hasAssessments(tx, chunk)) ? reviseSql : firstSql;
    const row = await tx.one<Record<keyof CountRow, string>>(sql(tariff.chunkSelectSql), values);
    if (row.uneven !== '0') {
      throw new Error(
        `${row.uneven} properties have amounts that do not sum to their total under ${tariff.sha256}.`,
      );
    }
    return {
      properties: Number(row.properties),
      assessed: Number(row.assessed),
      exempt: Number(row.exempt),
      exceptions: Number(row.exceptions),
      unchanged: Number(row.unchanged),
      totalPaise: BigInt(row.total),
    };
  }

  private async hasAssessments(tx: Tx, chunk: Chunk): Promise<boolean> {
    const { found } = await tx.one<{ found: boolean }>(
      `SELECT EXISTS (SELECT FROM assessments WHERE ulb_id = $1 AND fy = $2
         AND property_id >= $3 AND property_id <= $4) AS found`,
      [tx.ctx.ulbId, chunk.fy, chunk.firstProperty, chunk.lastProperty],
    );
    return found;
  }
}

interface CountRow {
  properties: string;
  assessed: string;
  exempt: string;
  exceptions: string;
  unchanged: string;
  total: string;
  uneven: string;
}

const at = { ulbId: '$1::int', fy: '$2::smallint', runId: '$7::uuid', postedOn: '$9::date' };
const assessmentColumns = `ulb_id, property_id, fy, assessment_no, run_id, tariff_sha256, effective_on, ward_number,
  exempt, total_paise, inputs, steps`;

/** A property that lacks an input, or whose amount came out as nothing at all, is never assessed at 0. */
const calcSql = (
  select: string,
) => `calc AS MATERIALIZED (SELECT * FROM (${select}) AS c ORDER BY property_id),
  ready AS NOT MATERIALIZED (SELECT * FROM calc WHERE missing IS NULL AND total_paise IS NOT NULL),
  unready AS (INSERT INTO assessment_exceptions (ulb_id, run_id, property_id, reasons)
    SELECT ${at.ulbId}, ${at.runId}, property_id, coalesce(missing, ARRAY['amount'])
    FROM calc WHERE missing IS NOT NULL OR total_paise IS NULL)`;

/** The ledger receives exactly what the assessment states, or the chunk is refused. */
const uneven = `total_paise <> coalesce((SELECT sum(amount) FROM unnest(amounts_paise) AS amount WHERE amount > 0), 0)`;
const isReady = 'missing IS NULL AND total_paise IS NOT NULL';

/** For a chunk of which no property was assessed for the year: nothing is looked up, everything is written. */
const firstSql = (select: string) => `WITH ${calcSql(select)},
  ${chargeSql(10)},
  assessed AS (INSERT INTO assessments (${assessmentColumns})
    SELECT ${at.ulbId}, property_id, ${at.fy}, 1, ${at.runId}, $8, $3::date, ward_number, exempt, total_paise, inputs, steps
    FROM ready),
  posted AS (${demandInsertSql('ready', at)})
  SELECT count(*) AS properties, count(*) FILTER (WHERE ${isReady} AND NOT exempt) AS assessed,
    count(*) FILTER (WHERE ${isReady} AND exempt) AS exempt, count(*) FILTER (WHERE NOT (${isReady})) AS exceptions,
    0 AS unchanged, coalesce(sum(total_paise) FILTER (WHERE ${isReady}), 0) AS total,
    count(*) FILTER (WHERE ${isReady} AND ${uneven}) AS uneven
  FROM calc`;

/**
 * For a chunk with assessments of the year: what each head and instalment should be, against what the ledger holds. A
 * difference makes the next assessment and posts no more than itself; a head that the tariff dropped is credited back.
 */
const reviseSql = (select: string) => `WITH ${calcSql(select)},
  ${chargeSql(10)},
  last AS (SELECT DISTINCT ON (property_id) property_id, assessment_no, exempt FROM assessments
    WHERE ulb_id = $1 AND fy = $2 AND property_id >= $4 AND property_id <= $5
    ORDER BY property_id, assessment_no DESC),
  held AS (SELECT property_id, head, instalment, max(due_on) AS due_on,
      max(CASE kind WHEN 'demand' THEN credit_account ELSE debit_account END) AS account,
      sum(CASE kind WHEN 'demand' THEN amount_paise ELSE -amount_paise END) AS amount
    FROM postings WHERE ulb_id = $1 AND fy = $2 AND property_id >= $4 AND property_id <= $5 AND kind <> 'opening'
    GROUP BY property_id, head, instalment),
  wanted AS (SELECT property_id, c.head, c.instalment, c.account, c.due_on,
      greatest(amounts_paise[c.position], 0) AS amount FROM ready CROSS JOIN charge c),
  difference AS MATERIALIZED (SELECT property_id, head, instalment, coalesce(w.account, h.account) AS account,
      coalesce(w.due_on, h.due_on) AS due_on, coalesce(w.amount, 0) - coalesce(h.amount, 0) AS amount_paise
    FROM wanted w FULL JOIN held h USING (property_id, head, instalment)
    WHERE coalesce(w.amount, 0) <> coalesce(h.amount, 0) AND property_id IN (SELECT property_id FROM ready)),
  changed AS MATERIALIZED (SELECT r.*, coalesce(l.assessment_no, 0) + 1 AS entry_no
    FROM ready r LEFT JOIN last l USING (property_id)
    WHERE l.property_id IS NULL OR l.exempt <> r.exempt OR property_id IN (SELECT property_id FROM difference)),
  assessed AS (INSERT INTO assessments (${assessmentColumns})
    SELECT ${at.ulbId}, property_id, ${at.fy}, entry_no, ${at.runId}, $8, $3::date, ward_number, exempt, total_paise, inputs, steps
    FROM changed),
  entry AS (SELECT d.*, c.entry_no FROM difference d JOIN changed c USING (property_id)),
  posted AS (${differenceInsertSql('entry', at)})
  SELECT (SELECT count(*) FROM calc) AS properties, count(*) FILTER (WHERE NOT exempt) AS assessed,
    count(*) FILTER (WHERE exempt) AS exempt, (SELECT count(*) FROM calc WHERE NOT (${isReady})) AS exceptions,
    (SELECT count(*) FROM ready) - count(*) AS unchanged, coalesce(sum(total_paise), 0) AS total,
    count(*) FILTER (WHERE ${uneven}) AS uneven
  FROM changed`;
