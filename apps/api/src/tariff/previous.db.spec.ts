import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, createTestUlb, type TestDatabase } from '../../../../test/support/database.js';
import type { Context } from '../platform/database/tx.js';
import { describeFault, type CompiledTariff } from './compile.js';
import { ORDER_OF_TWO, compileBoth, rule } from './testing/minimal-collection.js';
import { compileMinimal, head, step, type MinimalTariff } from './testing/minimal-tariff.js';

const FIRST = '00000000-0000-0000-0000-000000000000';
const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const property = (n: number) => `01900000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const run = (n: number) => `01900000-0000-7000-9000-${n.toString(16).padStart(12, '0')}`;

const capped: MinimalTariff = {
  property: '{sealed: {boolean: true, default: false}}',
  unit: '{area: {area: true}}',
  carried: '{property: {units: {number: true, min: 0}}, unit: {rate: {number: true, unit: money/area}}}',
  unitSteps: [
    step(
      'rate',
      'case when previous(rate) is null then price(fy) else least(price(fy), 1.1 * previous(rate)) end',
    ),
  ],
  propertySteps: [step('units', 'count(unit) + 0 * coalesce(previous(units), 0)')],
  heads: [
    head(
      'tax',
      'case when sealed then 0 * units else 1 * units / greatest(units, 1) end * sum(unit.area * unit.rate)',
    ),
  ],
};

let db: TestDatabase;
let ctx: Context;

beforeAll(async () => {
  db = await createTestDatabase();
  ctx = await createTestUlb(db, 1);
  await createTestUlb(db, 2);
  await db.owner.query(
    `INSERT INTO properties (ulb_id, id, number, ward_number, facts, recorded_at)
     SELECT 1, id::uuid, right(id, 4), '1', '{}', now() FROM unnest($1::text[]) id`,
    [[1, 2, 3, 4].map(property)],
  );
  await db.owner.query(
    `INSERT INTO units (ulb_id, property_id, unit_no, effective, use, area_m2, facts, recorded_at)
     SELECT 1, id::uuid, no, '[2004-01-01,)', 'home', 100, '{}', now()
     FROM unnest($1::text[]) id, generate_series(1, 2) no`,
    [[1, 2, 3, 4].map(property)],
  );
  const sha = 'a'.repeat(64);
  for (const ulb of [1, 2]) {
    await db.owner.query(
      `INSERT INTO tariff_files (ulb_id, sha256, kind, body, status, title, law, fy_range, source, installed_by,
         installed_at) VALUES ($1, $2, 'assessment', 'in-mp/test', 'sample', '{}', 't', '[2010,2030)', 's', 't', now())`,
      [ulb, sha],
    );
  }
  // 1 and 2: published; 3: of the year itself; 4: a draft; 5: of another municipality.
  const runs: [number, number, number, boolean][] = [
    [1, 1, 2018, true],
    [1, 2, 2019, true],
    [1, 3, 2020, true],
    [1, 4, 2019, false],
    [2, 5, 2019, true],
  ];
  for (const [ulb, n, fy, published] of runs) {
    await db.owner.query(
      `INSERT INTO assessment_runs (ulb_id, id, fy, effective_on, tariff_sha256, status, created_by_login, created_at,
         published_by_login, published_at)
       VALUES ($1, $2, $3, '2019-04-01', $4, $5, 'maker', now(), $6, $7)`,
      [
        ulb,
        run(n),
        fy,
        sha,
        published ? 'published' : 'withdrawn',
        published ? 'checker' : null,
        published ? new Date(0) : null,
      ],
    );
  }
  const remembered: [ulb: number, property: number, fy: number, no: number, run: number, rates: string[]][] =
    [
      [1, 1, 2018, 1, 1, ['1', '1']],
      [1, 1, 2019, 1, 2, ['4', '4']],
      [1, 1, 2019, 2, 2, ['5', '5']],
      [1, 1, 2019, 3, 4, ['2', '2']],
      [1, 1, 2020, 1, 3, ['3', '3']],
      [1, 2, 2018, 1, 1, ['2']],
      [1, 3, 2019, 1, 4, ['1', '1']],
      [2, 4, 2019, 1, 5, ['1', '1']],
    ];
  for (const [ulb, n, fy, no, by, rates] of remembered) {
    const steps = {
      property: { units: rates.length },
      units: rates.map((rate, i) => ({ no: i + 1, rate: Number(rate) })),
    };
    await db.owner.query(
      `INSERT INTO assessments (ulb_id, property_id, fy, assessment_no, run_id, tariff_sha256, effective_on, exempt,
         total_paise, inputs, steps) VALUES ($1, $2, $3, $4, $5, $6, '2019-04-01', false, 0, '{}', $7)`,
      [ulb, property(n), fy, no, run(by), sha, JSON.stringify(steps)],
    );
  }
});
afterAll(() => db.drop());

async function compiled(parts: MinimalTariff): Promise<CompiledTariff> {
  const result = await compileMinimal(parts);
  if (!result.ok) throw new Error(result.faults.map(describeFault).join('\n'));
  return result.tariff;
}

describe('What a run remembers', () => {
  it('is the last published assessment of an earlier year, unit by unit, of this municipality alone', async () => {
    const { chunkSelectSql } = await compiled(capped);
    const rows = await db.database.read(ctx, (tx) =>
      tx.rows<{ total_paise: string; inputs: { units: Record<string, number | null>[] } }>(
        `SELECT * FROM (${chunkSelectSql}) c ORDER BY property_id`,
        [1, 2020, '2020-04-01', FIRST, LAST, null],
      ),
    );
    // 1: 5.50 for both units. 2: 2.20 for the first, 10 for the new second. 3: only a draft. 4: nothing.
    expect(rows.map((row) => row.total_paise)).toEqual(['110000', '122000', '200000', '200000']);
    expect(rows[1]!.inputs.units).toMatchObject([
      { no: 1, area: 100, 'previous(rate)': 2 },
      { no: 2, area: 100, 'previous(rate)': null },
    ]);
  });

  it('is shown by the explanation', async () => {
    const { explainSql } = await compiled(capped);
    const row = await db.database.read(ctx, (tx) =>
      tx.one<{ explanation: { units: { steps: { operands: object[]; value: string }[] }[] } }>(explainSql, [
        1,
        2020,
        '2020-04-01',
        property(2),
      ]),
    );
    const [known, fresh] = row.explanation.units.map((unit) => unit.steps[0]!);
    expect(known).toMatchObject({
      value: '2.2',
      operands: [{ name: 'previous(rate)', value: '2' }, { name: 'fy' }],
    });
    expect(fresh).toMatchObject({
      value: '10',
      operands: [{ name: 'previous(rate)', value: null }, { name: 'fy' }],
    });
  });

  it('is not asked for where the tariff carries nothing', async () => {
    expect((await compiled({})).chunkSelectSql).not.toContain('assessment');
  });
});

describe('Rebates on demand', () => {
  it('are given for a chunk, shared out over the instalments of what they reduce', async () => {
    const halves = ['{n: 1, due: 09-30, share: "0.5"}', '{n: 2, due: 03-31, share: "0.5"}'];
    const rounding = '{to: 1, mode: down, remainder: last}';
    const { result } = await compileBoth(
      {
        instalments: halves,
        instalmentRounding: rounding,
        heads: [head('tax', 'sum(unit.area) * price(fy) + 0.5 * price(fy) * sum(unit.area) / 1000')],
      },
      {
        rebates: [
          rule('self_occupied', '0.5 * base', 'on: [tax], given: demand, account: "77"'),
          rule('senior', '0.3 * base', 'on: [tax], given: demand'),
          rule('late', '0.1 * base', 'on: [tax], given: payment, when: "paid_in_full"'),
        ],
        appropriation: ORDER_OF_TWO,
      },
    );
    if (!result.ok) throw new Error(result.faults.map(describeFault).join('\n'));
    const { rebateSelectSql, rebatesOnDemand } = result.collection;
    expect(rebatesOnDemand).toEqual([
      { name: 'self_occupied', head: 'tax', account: '77' },
      { name: 'senior', head: 'tax', account: '13' },
    ]);
    const rows = await db.database.read(ctx, (tx) =>
      tx.rows(`SELECT * FROM (${rebateSelectSql!}) r ORDER BY property_id`, [
        1,
        2020,
        '2020-04-01',
        FIRST,
        LAST,
        null,
      ]),
    );
    // 2,001 is 1,000 and 1,001; half of it 1,001 (500 and 501); 30 % of the rest 300 (150 and 150).
    expect(rows).toHaveLength(4);
    expect(rows[0]).toEqual({
      property_id: property(1),
      rebates_missing: null,
      rebates_paise: ['50000', '50100', '15000', '15000'],
    });
  });
});
