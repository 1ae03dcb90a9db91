import { Injectable } from '@nestjs/common';
import type { Charge } from '../ledger/demand.repository.js';
import type { SqlValue, Tx } from '../platform/database/tx.js';
import type { CompiledTariff } from '../tariff/compile.js';

export interface Chunk {
  runId: string;
  fy: number;
  effectiveOn: string;
  firstProperty: string;
  lastProperty: string;
  wardNumbers: string[] | null;
  /** Reckons the rebates on demand, where there are any: a change of them alone makes a new assessment too. */
  rebateSql: string | null;
}

export interface ChunkCounts {
  properties: number;
  assessed: number;
  exempt: number;
  exceptions: number;
  unchanged: number;
  /** Of the assessments written now, exempt ones being 0. */
  totalPaise: bigint;
  /** By how much publication will change what the ledger demands. */
  netPaise: bigint;
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

/** Computes one chunk of a run and keeps it as drafts, in one statement: the tariff's own, with the inserts around it. */
@Injectable()
export class ChunkRepository {
  /** Writes what the tariff says of the chunk's properties; what stands already unchanged is only counted. */
  async assess(tx: Tx, tariff: CompiledTariff, chunk: Chunk): Promise<ChunkCounts> {
    const charges = chargesOf(tariff, chunk.fy);
    const values: SqlValue[] = [
      tx.ctx.ulbId,
      chunk.fy,
      chunk.effectiveOn,
      chunk.firstProperty,
      chunk.lastProperty,
      chunk.wardNumbers,
      chunk.runId,
      tariff.sha256,
    ];
    const revises = await this.hasAssessments(tx, chunk);
    if (revises) values.push(...heldAgainst(charges));
    const sql = revises
      ? reviseSql(tariff.chunkSelectSql, charges.length, chunk.rebateSql)
      : firstSql(tariff.chunkSelectSql, charges.length);
    const row = await tx.one<Record<keyof CountRow, string>>(sql, values);
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
      netPaise: BigInt(row.net),
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

const heldAgainst = (charges: Charge[]) => [
  charges.map((charge) => charge.head),
  charges.map((charge) => charge.instalment),
];

interface CountRow {
  properties: string;
  assessed: string;
  exempt: string;
  exceptions: string;
  unchanged: string;
  total: string;
  net: string;
  uneven: string;
}

const at = { ulbId: '$1::int', fy: '$2::smallint', runId: '$7::uuid' };
const columns = `ulb_id, property_id, fy, assessment_no, run_id, tariff_sha256, effective_on, ward_number,
  exempt, total_paise, inputs, steps, amounts_paise`;
const drafted = (
  no: string,
) => `${at.ulbId}, property_id, ${at.fy}, ${no}, ${at.runId}, $8, $3::date, ward_number,
    exempt, total_paise, inputs, steps, amounts_paise`;

/**
 * Only the columns that are kept: what is not named is not computed. A property that lacks an input, or whose amount
 * came out as nothing at all, is never assessed at 0.
 */
const calcSql = (
  select: string,
) => `calc AS MATERIALIZED (SELECT property_id, ward_number, missing, exempt, inputs, steps, amounts_paise, total_paise
    FROM (${select}) AS c ORDER BY property_id),
  ready AS NOT MATERIALIZED (SELECT * FROM calc WHERE missing IS NULL AND total_paise IS NOT NULL),
  unready AS (INSERT INTO assessment_exceptions (ulb_id, run_id, property_id, reasons)
    SELECT ${at.ulbId}, ${at.runId}, property_id, coalesce(missing, ARRAY['amount'])
    FROM calc WHERE missing IS NOT NULL OR total_paise IS NULL)`;

/** The ledger will receive exactly what the assessment states, or the chunk is refused. `parts`: how many amounts. */
const unevenSql = (parts: number) => {
  const amounts = Array.from({ length: parts }, (_, i) => `amounts_paise[${i + 1}]`);
  return `(${amounts.join(' + ')} <> total_paise OR least(${amounts.join(', ')}) < 0)`;
};
const isReady = 'missing IS NULL AND total_paise IS NOT NULL';

/** For a chunk of which no property was assessed for the year: nothing is looked up, everything is written. */
const firstSql = (select: string, parts: number) => `WITH ${calcSql(select)},
  assessed AS (INSERT INTO assessments (${columns}) SELECT ${drafted('1')} FROM ready)
  SELECT count(*) AS properties, count(*) FILTER (WHERE ${isReady} AND NOT exempt) AS assessed,
    count(*) FILTER (WHERE ${isReady} AND exempt) AS exempt, count(*) FILTER (WHERE NOT (${isReady})) AS exceptions,
    0 AS unchanged, coalesce(sum(total_paise) FILTER (WHERE ${isReady}), 0) AS total,
    coalesce(sum(total_paise) FILTER (WHERE ${isReady}), 0) AS net,
    count(*) FILTER (WHERE ${isReady} AND ${unevenSql(parts)}) AS uneven
  FROM calc`;

const noRebates = 'SELECT NULL::uuid AS property_id, NULL::bigint[] AS rebates_paise WHERE false';
/** Rebates as they matter: none at all is the same as all of them nothing. */
const given = (alias: string) => `CASE WHEN 0 < ANY (${alias}.rebates_paise) THEN ${alias}.rebates_paise END`;

/**
 * For a chunk with assessments of the year: what each head and instalment should be, against what the ledger holds. A
 * difference makes the next assessment; where there is none, and what is published says the same, nothing is written.
 */
const reviseSql = (select: string, parts: number, rebateSql: string | null) => `WITH ${calcSql(select)},
  rebate AS MATERIALIZED (${rebateSql ?? noRebates}),
  known_rebate AS MATERIALIZED (SELECT property_id, assessment_no, rebates_paise FROM assessment_rebates
    WHERE ulb_id = $1 AND fy = $2 AND property_id >= $4 AND property_id <= $5),
  charge AS MATERIALIZED (SELECT * FROM unnest($9::text[], $10::smallint[]) WITH ORDINALITY
    AS c(head, instalment, position)),
  numbered AS (SELECT property_id, max(assessment_no) AS assessment_no FROM assessments
    WHERE ulb_id = $1 AND fy = $2 AND property_id >= $4 AND property_id <= $5 GROUP BY property_id),
  last AS (SELECT DISTINCT ON (property_id) property_id, assessment_no, exempt FROM assessments
    WHERE ulb_id = $1 AND fy = $2 AND property_id >= $4 AND property_id <= $5 AND run_id IN
      (SELECT id FROM assessment_runs WHERE ulb_id = $1 AND fy = $2 AND published_at IS NOT NULL)
    ORDER BY property_id, assessment_no DESC),
  held AS (SELECT property_id, head, instalment,
      sum(CASE kind WHEN 'demand' THEN amount_paise ELSE -amount_paise END) AS amount
    FROM postings WHERE ulb_id = $1 AND fy = $2 AND property_id >= $4 AND property_id <= $5
      AND kind IN ('demand', 'credit')
    GROUP BY property_id, head, instalment),
  wanted AS (SELECT property_id, c.head, c.instalment, amounts_paise[c.position] AS amount
    FROM ready CROSS JOIN charge c),
  difference AS MATERIALIZED (SELECT property_id, sum(coalesce(w.amount, 0) - coalesce(h.amount, 0)) AS net
    FROM wanted w FULL JOIN held h USING (property_id, head, instalment)
    WHERE coalesce(w.amount, 0) <> coalesce(h.amount, 0) AND property_id IN (SELECT property_id FROM ready)
    GROUP BY property_id),
  changed AS MATERIALIZED (SELECT r.*, coalesce(n.assessment_no, 0) + 1 AS next_no, coalesce(d.net, 0) AS net
    FROM ready r LEFT JOIN last l USING (property_id) LEFT JOIN numbered n USING (property_id)
      LEFT JOIN difference d USING (property_id) LEFT JOIN rebate b USING (property_id)
      LEFT JOIN known_rebate k ON k.property_id = r.property_id AND k.assessment_no = l.assessment_no
    WHERE l.property_id IS NULL OR l.exempt <> r.exempt OR d.property_id IS NOT NULL
      OR ${given('b')} IS DISTINCT FROM ${given('k')}),
  assessed AS (INSERT INTO assessments (${columns}) SELECT ${drafted('next_no')} FROM changed)
  SELECT (SELECT count(*) FROM calc) AS properties, count(*) FILTER (WHERE NOT exempt) AS assessed,
    count(*) FILTER (WHERE exempt) AS exempt, (SELECT count(*) FROM calc WHERE NOT (${isReady})) AS exceptions,
    (SELECT count(*) FROM ready) - count(*) AS unchanged, coalesce(sum(total_paise), 0) AS total,
    coalesce(sum(net), 0) AS net, count(*) FILTER (WHERE ${unevenSql(parts)}) AS uneven
  FROM changed`;
