import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/tx.js';
import { limits } from '../../../platform/limits.js';
import type { HeadPlaces } from './comparison.js';

/** What is compared: two sides of one roll. */
export interface Pair {
  rollId: string;
  presentId: string;
  proposedId: string;
}

export interface GroupRow {
  ward: string | null;
  use: string | null;
  properties: number;
  present_assessed: number;
  present_exempt: number;
  present_exceptions: number;
  present_paise: string;
  proposed_assessed: number;
  proposed_exempt: number;
  proposed_exceptions: number;
  proposed_paise: string;
  comparable: number;
  comparable_present_paise: string;
  comparable_proposed_paise: string;
  up: number;
  down: number;
  only_present: number;
  only_present_paise: string;
  only_proposed: number;
  only_proposed_paise: string;
  neither: number;
}

export interface MoverRow {
  property_id: string;
  ward: string | null;
  use: string | null;
  p: string;
  q: string;
}

export interface OneSidedRow {
  property_id: string;
  ward: string | null;
  p: string | null;
  q: string | null;
  missing: string;
}

export interface GroupedRows {
  properties: number;
  groups: GroupRow[];
  increases: MoverRow[];
  decreases: MoverRow[];
  one_sided: OneSidedRow[];
}

export interface SpreadRows {
  deciles: {
    decile: number;
    properties: number;
    lowest: string;
    highest: string;
    present_paise: string;
    proposed_paise: string;
    up: number;
    down: number;
  }[];
  quantiles: string[] | null;
  bins: { bin: number; properties: number }[];
}

export interface HeadRow {
  no: number;
  present_paise: string;
  proposed_paise: string;
  comparable_present_paise: string;
  comparable_proposed_paise: string;
}

/** The chunks of the roll with those of both sides: $2 is the roll, $3 the present and $4 the proposed side. */
const chunksSql = `simulation_roll_chunks r
  JOIN simulation_side_chunks a ON a.ulb_id = r.ulb_id AND a.side_id = $3 AND a.chunk_no = r.chunk_no
  JOIN simulation_side_chunks b ON b.ulb_id = r.ulb_id AND b.side_id = $4 AND b.chunk_no = r.chunk_no`;

/** Both sides property by property: p is owed at present, q would be; NULL where the side has an exception. */
const bothSql = `both_sides AS MATERIALIZED (
  SELECT u.* FROM ${chunksSql}
  CROSS JOIN LATERAL unnest(r.property_ids, r.ward_numbers, r.uses, a.total_paise, b.total_paise, a.exempt, b.exempt,
    a.missing, b.missing) AS u(property_id, ward, use, p, q, p_exempt, q_exempt, p_missing, q_missing)
  WHERE r.ulb_id = $1 AND r.roll_id = $2)`;

/** The same with no more than the amounts. */
export const amountsSql = `both_sides AS MATERIALIZED (
  SELECT u.* FROM ${chunksSql}
  CROSS JOIN LATERAL unnest(r.property_ids, a.total_paise, b.total_paise) AS u(property_id, p, q)
  WHERE r.ulb_id = $1 AND r.roll_id = $2)`;

/** Bins of the histogram that are none of its steps. */
export const bins = { same: 100, fresh: 101 };

const sum = (what: string, where: string) => `coalesce(sum(${what}) FILTER (WHERE ${where}), 0)::text`;
const both = 'p IS NOT NULL AND q IS NOT NULL';
const rows = (select: string) => `(SELECT coalesce(json_agg(t), '[]') FROM (${select}) AS t)`;
const mover = 'property_id, ward, use, p::text, q::text';

/** In whole numbers, so exact: the quotient is cut towards the lower bin. */
const binSql = `CASE WHEN p = q THEN ${bins.same} WHEN p = 0 THEN ${bins.fresh}
  ELSE least(greatest(q * 20 / p - 20, -20), 20)::int END`;

/** Sums of each ward and use, and the properties that stand out. */
const groupsSql = `WITH ${bothSql}
SELECT (SELECT count(*) FROM both_sides)::int AS properties,
  ${rows(`SELECT ward, use, count(*) AS properties,
    count(*) FILTER (WHERE p IS NOT NULL AND NOT p_exempt) AS present_assessed,
    count(*) FILTER (WHERE p IS NOT NULL AND p_exempt) AS present_exempt,
    count(*) FILTER (WHERE p IS NULL) AS present_exceptions, coalesce(sum(p), 0)::text AS present_paise,
    count(*) FILTER (WHERE q IS NOT NULL AND NOT q_exempt) AS proposed_assessed,
    count(*) FILTER (WHERE q IS NOT NULL AND q_exempt) AS proposed_exempt,
    count(*) FILTER (WHERE q IS NULL) AS proposed_exceptions, coalesce(sum(q), 0)::text AS proposed_paise,
    count(*) FILTER (WHERE ${both}) AS comparable,
    ${sum('p', both)} AS comparable_present_paise, ${sum('q', both)} AS comparable_proposed_paise,
    count(*) FILTER (WHERE q > p) AS up, count(*) FILTER (WHERE q < p) AS down,
    count(*) FILTER (WHERE p IS NOT NULL AND q IS NULL) AS only_present,
    ${sum('p', 'q IS NULL')} AS only_present_paise,
    count(*) FILTER (WHERE p IS NULL AND q IS NOT NULL) AS only_proposed,
    ${sum('q', 'p IS NULL')} AS only_proposed_paise,
    count(*) FILTER (WHERE p IS NULL AND q IS NULL) AS neither
    FROM both_sides GROUP BY ward, use`)} AS groups,
  ${rows(`SELECT ${mover} FROM both_sides WHERE q > p ORDER BY q - p DESC, property_id LIMIT $5`)} AS increases,
  ${rows(`SELECT ${mover} FROM both_sides WHERE q < p ORDER BY q - p, property_id LIMIT $5`)} AS decreases,
  ${rows(`SELECT property_id, ward, p::text, q::text, coalesce(p_missing, q_missing) AS missing FROM both_sides
    WHERE (p IS NULL) <> (q IS NULL) ORDER BY property_id LIMIT $6`)} AS one_sided`;

/** How the change is spread over the comparable properties: beside the sums, on a connection of its own. */
const spreadSql = `WITH pairs AS MATERIALIZED (SELECT u.p, u.q, u.id FROM ${chunksSql}
    CROSS JOIN LATERAL unnest(r.property_ids, a.total_paise, b.total_paise) AS u(id, p, q)
    WHERE r.ulb_id = $1 AND r.roll_id = $2 AND u.p IS NOT NULL AND u.q IS NOT NULL),
  owing AS MATERIALIZED (SELECT p, q, ntile(10) OVER (ORDER BY p, id) AS decile FROM pairs WHERE p > 0 OR q > 0)
SELECT
  ${rows(`SELECT decile, count(*) AS properties, min(p)::text AS lowest, max(p)::text AS highest,
    sum(p)::text AS present_paise, sum(q)::text AS proposed_paise, count(*) FILTER (WHERE q > p) AS up,
    count(*) FILTER (WHERE q < p) AS down FROM owing GROUP BY decile ORDER BY decile`)} AS deciles,
  (SELECT percentile_disc(ARRAY[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]::float8[])
    WITHIN GROUP (ORDER BY q - p)::text[] FROM owing) AS quantiles,
  ${rows(`SELECT ${binSql} AS bin, count(*) AS properties FROM pairs GROUP BY 1 ORDER BY 1`)} AS bins`;

/** $5 and $6 give each head's place on its side, or 0. */
const placesSql = 'unnest($5::int[], $6::int[]) WITH ORDINALITY AS h(present, proposed, no)';

/** The sums of the heads as the chunks keep them: right where both sides could reckon the same properties. */
const headSumsSql = `SELECT no, p AS present_paise, q AS proposed_paise, p AS comparable_present_paise,
    q AS comparable_proposed_paise
  FROM (SELECT h.no::int, coalesce(sum(a.head_sums_paise[h.present]), 0)::text AS p,
      coalesce(sum(b.head_sums_paise[h.proposed]), 0)::text AS q
    FROM ${chunksSql} CROSS JOIN ${placesSql} WHERE r.ulb_id = $1 AND r.roll_id = $2 GROUP BY h.no) AS s ORDER BY no`;

/** The heads property by property, so that those of one side only stay out of the comparison. */
const headsApartSql = `SELECT h.no::int,
    coalesce(sum(p), 0)::text AS present_paise, coalesce(sum(q), 0)::text AS proposed_paise,
    ${sum('p', 'comparable')} AS comparable_present_paise, ${sum('q', 'comparable')} AS comparable_proposed_paise
  FROM ${chunksSql}
  CROSS JOIN LATERAL (SELECT cardinality(r.property_ids) AS n) AS c
  CROSS JOIN ${placesSql}
  CROSS JOIN LATERAL (SELECT u.p, u.q, u.pt IS NOT NULL AND u.qt IS NOT NULL AS comparable FROM unnest(
    a.head_paise[(h.present - 1) * n + 1 : h.present * n], b.head_paise[(h.proposed - 1) * n + 1 : h.proposed * n],
    a.total_paise, b.total_paise) AS u(p, q, pt, qt)) AS v
  WHERE r.ulb_id = $1 AND r.roll_id = $2 GROUP BY h.no ORDER BY h.no`;

/** Sums and lists over two sides of one roll. */
@Injectable()
export class CompareRepository {
  async groups(tx: Tx, pair: Pair): Promise<GroupedRows> {
    return tx.one<GroupedRows>(groupsSql, [
      ...keys(tx, pair),
      limits.simulationLargest,
      limits.simulationOneSided,
    ]);
  }

  async spread(tx: Tx, pair: Pair): Promise<SpreadRows> {
    return tx.one<SpreadRows>(spreadSql, keys(tx, pair));
  }

  /** The heads matched by name; `apart` where some properties could be reckoned on one side only. */
  async heads(tx: Tx, pair: Pair, { present, proposed }: HeadPlaces, apart: boolean): Promise<HeadRow[]> {
    return tx.rows<HeadRow>(apart ? headsApartSql : headSumsSql, [...keys(tx, pair), present, proposed]);
  }

  /** The numbers of properties by their ids. */
  async numbers(tx: Tx, ids: string[]): Promise<Map<string, string>> {
    const found = await tx.rows<{ id: string; number: string }>(
      'SELECT id, number FROM properties WHERE ulb_id = $1 AND id = ANY ($2::uuid[])',
      [tx.ctx.ulbId, ids],
    );
    return new Map(found.map(({ id, number }) => [id, number]));
  }
}

export const keys = (tx: Tx, pair: Pair) => [tx.ctx.ulbId, pair.rollId, pair.presentId, pair.proposedId];
