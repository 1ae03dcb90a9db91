import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  createTestDatabase,
  createTestUlb,
  type TestDatabase,
} from '../../../../../test/support/database.js';
import type { Context } from '../../platform/database/tx.js';
import { describeFault } from '../compile.js';
import { compileBoth, rule, type MinimalCollection } from '../testing/minimal-collection.js';
import { head, type MinimalTariff } from '../testing/minimal-tariff.js';
import { appropriationSql } from './appropriation.js';
import { chargesSql } from './charges.js';

const FIRST = '00000000-0000-0000-0000-000000000000';
const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const PROPERTIES = 2000;
const paisa = 'round: {to: 0.01, mode: half_up}';
const quarters = ['06-30', '09-30', '12-31', '03-31'].map(
  (due, i) => `{n: ${i + 1}, due: ${due}, share: "0.25"}`,
);
const order = (across: string) =>
  `{order: [cost, charges, arrears_oldest_first, {instalment: 1}, {instalment: 2}, {instalment: 3}, {instalment: 4}], across_heads: ${across}}`;
const tariff: MinimalTariff = {
  heads: [head('tax', 'sum(unit.area) * price(fy)', paisa), head('water', '0.37 * tax', paisa)],
  instalments: quarters,
  instalmentRounding: '{to: 1, mode: down, remainder: last}',
};

let db: TestDatabase;
let ctx: Context;
beforeAll(async () => {
  db = await createTestDatabase();
  ctx = await createTestUlb(db, 1);
  const id = `('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid`;
  await db.owner.query(`SELECT setseed(0.42)`);
  await db.owner.query(
    `INSERT INTO properties (ulb_id, id, number, ward_number, facts, recorded_at)
     SELECT 1, ${id}, n::text, '1', '{}', now() FROM generate_series(1, ${PROPERTIES}) n`,
  );
  // From a paisa to some lakhs, so that rebates, shares and remainders of every size occur.
  await db.owner.query(
    `INSERT INTO units (ulb_id, property_id, unit_no, effective, use, area_m2, facts, recorded_at)
     SELECT 1, ${id}, 1, '[2004-01-01,)', 'home', round((10 ^ (random() * 8 - 3))::numeric, 3), '{}', now()
     FROM generate_series(1, ${PROPERTIES}) n`,
  );
});
afterAll(() => db.drop());

async function compiled(parts: MinimalCollection) {
  const both = await compileBoth(tariff, parts);
  if (!both.result.ok) throw new Error(both.result.faults.map(describeFault).join('\n'));
  return { tariff: both.tariff, collection: both.result.collection };
}

/** Dues of random heads, years and amounts, some in part paid, and a payment of each property. */
const RANDOM = `dues AS MATERIALIZED (
  SELECT lpad(to_hex(p), 32, '0')::uuid AS property_id, kind, fy, head, instalment,
    make_date(fy + CASE WHEN instalment = 4 THEN 1 ELSE 0 END, (ARRAY[6, 9, 12, 3])[instalment], 28) AS due_on,
    amount, round(amount * (ARRAY[1, 1, 0.5, 0])[1 + floor(random() * 4)::int], 2) AS outstanding, NULL::date AS served_on
  FROM generate_series(1, 1000) p, generate_series(2018, 2020) fy, generate_series(1, 4) instalment,
    (VALUES ('demand', 'tax'), ('demand', 'water'), ('charge', 'late')) h(kind, head),
    LATERAL (SELECT round((10 ^ (random() * 6 - 2 + p * 0))::numeric, 2) AS amount) a
  WHERE random() < 0.5),
payment AS MATERIALIZED (
  SELECT property_id, date '2020-11-15' AS paid_on, round((sum(outstanding) * (random() * 1.2)::numeric)::numeric, 2) AS amount
  FROM dues GROUP BY property_id)`;

describe('A payment, whatever is owed', () => {
  it.each(['rank', 'pro_rata'])('is cleared to the paisa, %s across heads', async (across) => {
    const { collection } = await compiled({
      charges: [rule('late', '0.1 * overdue', 'on: [tax], account: "9"')],
      appropriation: order(across),
    });
    const sql = `WITH ${RANDOM}, cleared AS MATERIALIZED (${appropriationSql(collection.appropriation!)}),
      each AS (SELECT p.property_id, p.amount, (SELECT sum(outstanding) FROM dues d WHERE d.property_id = p.property_id) AS owed,
        (SELECT coalesce(sum(cleared), 0) FROM cleared c WHERE c.property_id = p.property_id) AS cleared FROM payment p)
      SELECT count(*)::int AS payments, count(*) FILTER (WHERE cleared <> least(amount, owed))::int AS uneven,
        (SELECT count(*) FROM cleared WHERE cleared < 0 OR cleared > outstanding OR cleared <> round(cleared, 2))::int AS wrong,
        (SELECT count(*) FROM (SELECT property_id, sum(cleared) FILTER (WHERE kind = 'demand') AS demand,
            coalesce(sum(cleared) FILTER (WHERE kind = 'charge'), 0) AS charge FROM cleared GROUP BY 1) c
         JOIN (SELECT property_id, sum(outstanding) AS owed FROM dues WHERE kind = 'charge' GROUP BY 1) o USING (property_id)
         WHERE c.demand > 0 AND c.charge < o.owed)::int AS out_of_turn
      FROM each`;
    const { rows } = await db.owner.query<Record<string, number>>(sql);
    expect(rows[0]!['payments']).toBeGreaterThan(900);
    expect(rows[0]).toMatchObject({ uneven: 0, wrong: 0, out_of_turn: 0 });
  });
});

describe('A charge by day, whatever is owed', () => {
  it('grows by the same whether it is reckoned each month or once', async () => {
    const { collection } = await compiled({
      charges: [
        rule(
          'late',
          'overdue * 0.01 * months_started(due, as_of)',
          `on: [tax, water], account: "9", ${paisa}`,
        ),
      ],
    });
    const days = ['2020-04-01', '2020-07-15', '2020-10-01', '2021-01-31', '2021-06-02'];
    const grown = (from: number, to: number) =>
      `SELECT property_id, added FROM (${chargesSql(collection.charges, `date '${days[from]}'`, `date '${days[to]}'`)}) g`;
    const steps = days.slice(1).map((_, i) => grown(i, i + 1));
    const sql = `WITH ${RANDOM}, once AS (SELECT property_id, sum(added) AS added FROM (${grown(0, 4)}) o GROUP BY 1),
      often AS (SELECT property_id, sum(added) AS added FROM (${steps.join(' UNION ALL ')}) o GROUP BY 1)
      SELECT count(*)::int AS charged, count(*) FILTER (WHERE a.added IS DISTINCT FROM b.added)::int AS differing
      FROM once a FULL JOIN often b USING (property_id)`;
    const { rows } = await db.owner.query<Record<string, number>>(sql);
    expect(rows[0]!['charged']).toBeGreaterThan(900);
    expect(rows[0]!['differing']).toBe(0);
  });
});

describe('Rebates on demand, whatever is demanded', () => {
  it('add up over the instalments, and never exceed one', async () => {
    const { tariff: assessed, collection } = await compiled({
      rebates: [
        rule('half', '0.5 * base', 'on: [tax, water], given: demand'),
        rule('senior', '0.3 * base', `on: [tax], given: demand, ${paisa}`),
        rule('rest', '0.999 * base', 'on: [tax, water], given: demand, round: {to: 1, mode: up}'),
      ],
    });
    expect(collection.rebatesOnDemand.map(({ name, head: of }) => `${name} ${of}`)).toEqual([
      'half tax',
      'half water',
      'senior tax',
      'rest tax',
      'rest water',
    ]);
    const values = [1, 2020, '2020-04-01', FIRST, LAST, null];
    const asked = <T extends object>(sql: string) =>
      db.database.read(ctx, (tx) => tx.rows<T>(`SELECT * FROM (${sql}) c ORDER BY property_id`, values));
    const demands = await asked<{ amounts_paise: string[] }>(assessed.chunkSelectSql);
    const rebates = await asked<{ rebates_paise: string[] }>(collection.rebateSelectSql!);
    const rows = demands.map((demand, i) => ({ ...demand, ...rebates[i]! }));
    expect(rebates).toHaveLength(PROPERTIES);
    expect(rows).toHaveLength(PROPERTIES);
    const wrong = rows.filter(({ amounts_paise, rebates_paise }) => {
      const taken = (at: number, n: number) => BigInt(rebates_paise[at * 4 + n]!);
      return [0, 1, 2, 3].some((n) => {
        const tax = [0, 2, 3].map((at) => taken(at, n));
        const water = [1, 4].map((at) => taken(at, n));
        const sum = (all: bigint[]) => all.reduce((total, one) => total + one, 0n);
        return (
          [...tax, ...water].some((one) => one < 0n) ||
          sum(tax) > BigInt(amounts_paise[n]!) ||
          sum(water) > BigInt(amounts_paise[4 + n]!)
        );
      });
    });
    expect(wrong).toEqual([]);
  });
});
