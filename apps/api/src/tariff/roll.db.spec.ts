import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, createTestUlb, type TestDatabase } from '../../../../test/support/database.js';
import type { Context } from '../platform/database/tx.js';
import { compileTariff, describeFault, type CompiledTariff } from './compile.js';
import { compileCollection } from './rebates.js';

const FIRST = '00000000-0000-0000-0000-000000000000';
const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const property = (n: number) => `01900000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;

interface Row {
  property_id: string;
  ward_number: string | null;
  missing: string[] | null;
  exempt: boolean;
  inputs: { property: object; units: { no: number; area: number }[] };
  steps: object | null;
  head_paise: string[] | null;
  amounts_paise: string[] | null;
  total_paise: string | null;
}

async function load(path: string): Promise<CompiledTariff> {
  const result = await compileTariff(readFileSync(path, 'utf8'), path);
  if (!result.ok) throw new Error(result.faults.map(describeFault).join('\n'));
  return result.tariff;
}

const delhi = 'tariffs/in-dl/mcd';
let db: TestDatabase;
let ctx: Context;
let other: Context;

beforeAll(async () => {
  db = await createTestDatabase();
  ctx = await createTestUlb(db, 1);
  other = await createTestUlb(db, 2);
  // 1: complete. 2: retired. 3: its unit of old was replaced. 4: nothing known. 5: in another ward, with an
  // owner.
  await db.owner.query(`
    INSERT INTO properties (ulb_id, id, number, status, ward_number, category, facts, recorded_at) VALUES
      (1, '${property(1)}', 'P1', 'active', '7', 'D', '{"cghs": true}', now()),
      (1, '${property(2)}', 'P2', 'retired', '7', 'D', '{}', now()),
      (1, '${property(3)}', 'P3', 'active', '7', 'G', '{}', now()),
      (1, '${property(4)}', 'P4', 'active', NULL, NULL, '{}', now()),
      (1, '${property(5)}', 'P5', 'active', '8', 'D', '{"cghs": true}', now()),
      (2, '${property(1)}', 'P1', 'active', '7', 'A', '{}', now())`);
  await db.owner.query(`
    INSERT INTO units (ulb_id, property_id, unit_no, effective, use, structure, occupancy, year_built, area_m2, facts,
      recorded_at) VALUES
      (1, '${property(1)}', 1, '[2004-01-01,)', 'residential', 'pucca', 'self', 2003, 91.02,
        '{"dda_flat": true}', now()),
      (1, '${property(2)}', 1, '[2004-01-01,)', 'residential', 'pucca', 'self', 2003, 91.02, '{}', now()),
      (1, '${property(3)}', 1, '[2004-01-01,2019-08-12)', 'residential', 'pucca', 'self', 1995, 80, '{}', now()),
      (1, '${property(3)}', 1, '[2019-08-12,)', 'residential', 'pucca', 'self', 1995, 160, '{}', now()),
      (1, '${property(5)}', 1, '[2004-01-01,)', 'residential', 'pucca', 'self', 2003, 91.02,
        '{"dda_flat": true}', now()),
      (2, '${property(1)}', 1, '[2004-01-01,)', 'residential', 'pucca', 'self', 2003, 100, '{}', now())`);
  await db.owner.query(`
    INSERT INTO owners (ulb_id, property_id, owner_no, effective, name, class, recorded_at)
    VALUES (1, '${property(5)}', 1, '[2004-01-01,)', 'Asha', 'senior', now())`);
});
afterAll(() => db.drop());

async function chunk(in_: Context, on: string, wards: string[] | null = null): Promise<Row[]> {
  const tariff = await load(`${delhi}/assessment/2019-20.yaml`);
  const sql = `WITH calc AS MATERIALIZED (${tariff.chunkSelectSql}) SELECT * FROM calc ORDER BY property_id`;
  return db.database.read(in_, (tx) => tx.rows<Row>(sql, [in_.ulbId, 2019, on, FIRST, LAST, wards]));
}

describe('A chunk of the roll', () => {
  it('gives one row for each active property, and no property of another municipality', async () => {
    const rows = await chunk(ctx, '2019-04-01');
    expect(rows.map((row) => row.property_id)).toEqual([1, 3, 4, 5].map(property));
    expect((await chunk(other, '2019-04-01')).map((row) => row.total_paise)).toEqual(['756000']);
  });

  it('keeps inputs, steps and amounts of a complete property', async () => {
    const [row] = await chunk(ctx, '2019-04-01');
    expect(row).toMatchObject({
      ward_number: '7',
      missing: null,
      exempt: false,
      inputs: {
        property: { category: 'D' },
        units: [{ no: 1, area: 91.02, use: 'residential', dda_flat: true }],
      },
      steps: { property: { annual_value: 26214 }, units: [{ no: 1, annual_value: 26214 }] },
      head_paise: ['288400'],
      amounts_paise: ['72100', '72100', '72100', '72100'],
      total_paise: '288400',
    });
  });

  it('takes the units as they were in law on the day', async () => {
    const before = await chunk(ctx, '2019-08-11');
    const after = await chunk(ctx, '2019-08-12');
    expect([before[1]?.total_paise, after[1]?.total_paise]).toEqual(['100800', '201600']);
  });

  it('names what is missing and demands nothing', async () => {
    const row = (await chunk(ctx, '2019-04-01')).find(({ property_id }) => property_id === property(4));
    expect(row).toMatchObject({
      missing: ['category', 'no_units'],
      steps: null,
      total_paise: null,
      head_paise: null,
    });
  });

  it('may be limited to wards', async () => {
    expect((await chunk(ctx, '2019-04-01', ['8'])).map((row) => row.property_id)).toEqual([property(5)]);
    expect(await chunk(ctx, '2019-04-01', [])).toEqual([]);
  });
});

interface Explained {
  missing: string[] | null;
  totalPaise: string | null;
  netPaise?: string | null;
  rebatesMissing?: string[] | null;
  units: {
    steps: { value: string; beforeRounding: string; lookups: { table: string; row: string[] }[] }[];
  }[];
  heads: { paise: string; operands: { name: string; value: string }[] }[];
  rebates?: { name: string; value: string | null; base: string; granted: boolean }[];
  instalments: { n: number; due: string; totalPaise: string }[];
}

describe('An explanation', () => {
  const ask = (sql: string, values: (string | number | number[] | null)[]) =>
    db.database.read(ctx, (tx) => tx.maybe<{ explanation: Explained }>(sql, values));

  it('shows every value, the table rows used, the rounding and the instalments', async () => {
    const tariff = await load(`${delhi}/assessment/2019-20.yaml`);
    const row = await ask(tariff.explainSql, [1, 2019, '2019-04-01', property(1)]);
    const [step] = row!.explanation.units[0]!.steps;
    expect(step).toMatchObject({ beforeRounding: '26213.76', value: '26214' });
    expect(step!.lookups.map(({ table, row: used }) => [table, ...used])).toContainEqual([
      'unit_area_value',
      'D',
      '320',
    ]);
    expect(step!.lookups.map(({ table, row: used }) => [table, ...used])).toContainEqual([
      'age_factor',
      '2000..',
      '1.0',
    ]);
    expect(row!.explanation.heads).toMatchObject([{ paise: '288400', operands: [{ value: '288354' }] }]);
    expect(row!.explanation.instalments.at(-1)).toMatchObject({
      n: 4,
      due: '2020-03-31',
      totalPaise: '72100',
    });
    expect(row!.explanation.totalPaise).toBe('288400');
  });

  it('says what is missing instead of an amount', async () => {
    const tariff = await load(`${delhi}/assessment/2019-20.yaml`);
    const row = await ask(tariff.explainSql, [1, 2019, '2019-04-01', property(4)]);
    expect(row!.explanation).toMatchObject({ missing: ['category', 'no_units'], totalPaise: null });
    expect(await ask(tariff.explainSql, [1, 2019, '2019-04-01', property(2)])).toBeNull();
  });

  it('carries on to the rebates of the collection file', async () => {
    const tariff = await load(`${delhi}/assessment/2019-20.yaml`);
    const name = `${delhi}/collection/2019-04-01.yaml`;
    const result = await compileCollection(readFileSync(name, 'utf8'), name, tariff);
    if (!result.ok) throw new Error(result.faults.map(describeFault).join('\n'));
    const { explainSql } = result.collection;
    const row = await ask(explainSql, [1, 2019, '2019-04-01', property(5), '2019-06-30', [1, 2, 3, 4]]);
    expect(row!.explanation.rebates).toMatchObject([
      { name: 'concession', base: '2884', value: '865' },
      { name: 'cghs', base: '2019', value: '404' },
      { name: 'lump_sum', base: '1615', value: '242' },
    ]);
    expect(row!.explanation.netPaise).toBe('137300');
    // Without an owner on the roll the demand stands, but its rebates cannot be said.
    const ownerless = await ask(explainSql, [1, 2019, '2019-04-01', property(1), null, null]);
    expect(ownerless!.explanation).toMatchObject({ missing: null, totalPaise: '288400', netPaise: null });
    expect(ownerless!.explanation.rebatesMissing).toEqual(['no_owners']);
  });
});

const roll = '../shared/data/cambridge-ma/TaxFY14.csv';

describe('The roll of Cambridge, 27,528 rows', () => {
  (existsSync(roll) ? it : it.skip)(
    'is assessed, exempt or an exception, row by row',
    async () => {
      const tariff = await load('tariffs/us-ma/cambridge/assessment/2013-14.yaml');
      const lines = readFileSync(roll, 'utf8').trim().split(/\r?\n/).slice(1).map(csvLine);
      expect(lines).toHaveLength(27_528);
      await createTestUlb(db, 3);
      await db.owner.query(
        `INSERT INTO properties (ulb_id, id, number, recorded_at)
       SELECT 3, lpad(n::text, 32, '0')::uuid, n::text, now() FROM generate_series(1, $1::int) n`,
        [lines.length],
      );
      await db.owner.query(
        `INSERT INTO units (ulb_id, property_id, unit_no, effective, use, capital_value, recorded_at)
       SELECT 3, lpad(n::text, 32, '0')::uuid, 1, '[2013-01-01,)', c, nullif(v, -1), now()
       FROM unnest($1::text[], $2::numeric[]) WITH ORDINALITY AS t(c, v, n)`,
        [lines.map((line) => line[2]), lines.map((line) => line[7])],
      );
      const sql = `WITH calc AS MATERIALIZED (${tariff.chunkSelectSql})
      SELECT count(*)::int AS all, count(*) FILTER (WHERE missing IS NULL AND NOT exempt)::int AS assessed,
        count(*) FILTER (WHERE exempt)::int AS exempt, count(missing)::int AS exceptions,
        array_agg(DISTINCT missing::text) FILTER (WHERE missing IS NOT NULL) AS reasons,
        sum(total_paise)::text AS total FROM calc`;
      const cambridge = { ...ctx, ulbId: 3 };
      const row = await db.database.read(cambridge, (tx) => {
        return tx.one(sql, [3, 2013, '2013-07-01', FIRST, LAST, null]);
      });
      expect(row).toMatchObject({ all: 27_528, exceptions: 42, reasons: ['{unit.capital_value}'] });
      const { assessed, exempt } = row as { assessed: number; exempt: number };
      expect(assessed + exempt + 42).toBe(27_528);
      expect(row).toMatchObject({ total: cambridgeTotal(lines) });
    },
    180_000,
  );
});

function csvLine(line: string): string[] {
  return [...line.matchAll(/(?:"((?:[^"]|"")*)"|([^,]*))(?:,|$)/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  );
}

/** The same law reckoned by another road: cents as integers, in plain TypeScript. */
function cambridgeTotal(lines: readonly string[][]): string {
  let cents = 0n;
  for (const line of lines) {
    const [use, value] = [line[2]!, BigInt(line[7]!)];
    const main = use.startsWith('0') ? use[1]! : use[0]!;
    if (use.startsWith('9') || value < 0n || (use === '199' && value === 0n)) continue;
    const rate = '345'.includes(main) ? 2044n : 838n;
    const tax = (value * rate + 500n) / 1000n;
    cents += tax < 2500n ? 2500n : tax;
  }
  return String(cents);
}
