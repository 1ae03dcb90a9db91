import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunView } from '../apps/api/src/assessment/run/run-view.js';
import type { Context } from '../apps/api/src/platform/database/tx.js';
import { addProperties, assessmentServices, type RollProperty, smallTariff } from './support/assessment.js';
import { createTestDatabase, createTestUlb, testContext, type TestDatabase } from './support/database.js';

let db: TestDatabase;
let services: ReturnType<typeof assessmentServices>;
let town = 0;

beforeAll(async () => {
  db = await createTestDatabase();
  services = assessmentServices(db);
});

afterAll(async () => {
  await services.stop();
  await db.drop();
});

const house = (number: string, areaM2 = 100, ward = '1'): RollProperty => ({
  number,
  ward,
  units: [{ use: 'residential', areaM2 }],
});

/** A municipality of its own with a tariff and a roll. */
async function newTown(properties: RollProperty[]): Promise<{ ctx: Context; ids: string[] }> {
  town += 1;
  const ctx = await createTestUlb(db, town);
  await services.tariffs.install(ctx, smallTariff(), 'small.yaml');
  return { ctx, ids: await addProperties(db, ctx, properties) };
}

/** A run that is computed and waits to be published. */
async function draft(ctx: Context, wardNumbers?: string[]): Promise<RunView> {
  const { id } = await services.assessments.start(ctx, { fy: 2026, wardNumbers });
  await services.work(ctx);
  return services.assessments.get(ctx, id);
}

/** A run that a second person has published. */
async function run(ctx: Context, wardNumbers?: string[]): Promise<RunView> {
  const { id } = await services.publish(ctx, await draft(ctx, wardNumbers));
  await services.work(ctx);
  return services.assessments.get(ctx, id);
}

const postings = async (ctx: Context, propertyId: string) =>
  (
    await db.owner.query<{ what: string; amount: string; due: string }>(
      `SELECT head || ' ' || instalment || ' ' || kind || ' ' || entry_no AS what, amount_paise AS amount,
         due_on::text AS due FROM postings WHERE ulb_id = $1 AND property_id = $2
       ORDER BY entry_no, head DESC, instalment`,
      [ctx.ulbId, propertyId],
    )
  ).rows;
const setArea = (ctx: Context, propertyId: string, areaM2: number) =>
  db.owner.query('UPDATE units SET area_m2 = $3 WHERE ulb_id = $1 AND property_id = $2', [
    ctx.ulbId,
    propertyId,
    areaM2,
  ]);
const faults = (ctx: Context) => db.database.read(ctx, (tx) => services.ledger.verify(tx));

describe('a run over the whole roll', () => {
  it('demands each head in its instalments on their due days', async () => {
    const { ctx, ids } = await newTown([house('A1')]);
    const done = await run(ctx);
    expect(done).toMatchObject({ status: 'published', properties: 1, assessed: 1, totalPaise: '110000' });
    expect(await postings(ctx, ids[0] as string)).toEqual([
      { what: 'property_tax 1 demand 1', amount: '50000', due: '2026-06-30' },
      { what: 'property_tax 2 demand 1', amount: '50000', due: '2026-12-31' },
      { what: 'cess 1 demand 1', amount: '5000', due: '2026-06-30' },
      { what: 'cess 2 demand 1', amount: '5000', due: '2026-12-31' },
    ]);
  });

  it('accounts for every property as assessed, exempt, exception or unchanged', async () => {
    const { ctx, ids } = await newTown([
      house('B1'),
      { number: 'B2', ward: '1', units: [{ use: 'worship', areaM2: 300 }] },
      { number: 'B3', ward: '1', units: [{ use: null, areaM2: 80 }] },
      { number: 'B4', ward: '1', units: [] },
    ]);
    const done = await run(ctx);
    expect(done).toMatchObject({ properties: 4, assessed: 1, exempt: 1, exceptions: 2, unchanged: 0 });
    const { items } = await services.assessments.exceptions(ctx, done.id, { limit: 10 });
    expect(items).toEqual([
      { propertyId: ids[2], number: 'B3', wardNumber: '1', reasons: ['unit.use'] },
      { propertyId: ids[3], number: 'B4', wardNumber: '1', reasons: ['no_units'] },
    ]);
  });

  it('lists an unknown code and an area beyond all measure as exceptions, with the very value', async () => {
    const { ctx } = await newTown([
      house('N1'),
      { number: 'N2', ward: '1', units: [{ use: 'garage', areaM2: 80 }] },
      { number: 'N3', ward: '1', units: [{ use: 'residential', areaM2: 9_999_999 }] },
    ]);
    const done = await run(ctx);
    expect(done).toMatchObject({ status: 'published', properties: 3, assessed: 1, exceptions: 2 });
    const { items } = await services.assessments.exceptions(ctx, done.id, { limit: 10 });
    expect(items.map(({ number, reasons }) => [number, ...reasons])).toEqual([
      ['N2', 'unit.use=garage'],
      ['N3', 'unit.area=9999999.0000'],
    ]);
    const below = db.owner.query('UPDATE units SET area_m2 = -1 WHERE ulb_id = $1', [ctx.ulbId]);
    await expect(below).rejects.toThrow(/check constraint/);
  });

  it('never assesses a property at 0 for want of an input', async () => {
    const { ctx, ids } = await newTown([{ number: 'C1', ward: '1', units: [{ use: null, areaM2: 80 }] }]);
    await run(ctx);
    const { rows } = await db.owner.query(
      'SELECT 1 FROM assessments WHERE ulb_id = $1 AND property_id = $2',
      [ctx.ulbId, ids[0]],
    );
    expect(rows).toEqual([]);
    expect(await postings(ctx, ids[0] as string)).toEqual([]);
  });

  it('leaves the books balanced and equal to the assessments', async () => {
    const { ctx } = await newTown(Array.from({ length: 30 }, (_, i) => house(`D${i}`, 33.33 + i)));
    const done = await run(ctx);
    const lines = await db.database.read(ctx, (tx) => services.ledger.trialBalance(tx));
    const debit = lines.reduce((sum, line) => sum + line.debitPaise, 0n);
    expect(debit).toBe(lines.reduce((sum, line) => sum + line.creditPaise, 0n));
    expect(debit.toString()).toBe(done.totalPaise);
    expect(await faults(ctx)).toEqual([]);
  });

  it('ends at once for a roll without properties', async () => {
    const { ctx } = await newTown([]);
    expect(await run(ctx)).toMatchObject({ status: 'published', properties: 0, chunks: { total: 0 } });
  });
});

describe('a second run of the same year', () => {
  it('writes nothing where nothing changed', async () => {
    const { ctx, ids } = await newTown([
      house('E1'),
      house('E2', 50),
      { ...house('E3'), units: [{ use: 'worship', areaM2: 9 }] },
    ]);
    await run(ctx);
    const before = await postings(ctx, ids[0] as string);
    const again = await run(ctx);
    expect(again).toMatchObject({ properties: 3, assessed: 0, exempt: 0, unchanged: 3, totalPaise: '0' });
    expect(await postings(ctx, ids[0] as string)).toEqual(before);
  });

  it('posts the difference alone where an area grew, and a credit where it shrank', async () => {
    const { ctx, ids } = await newTown([house('F1'), house('F2')]);
    await run(ctx);
    await setArea(ctx, ids[0] as string, 120);
    await setArea(ctx, ids[1] as string, 90);
    const again = await run(ctx);
    expect(again).toMatchObject({ assessed: 2, unchanged: 0 });
    expect((await postings(ctx, ids[0] as string)).slice(4)).toEqual([
      { what: 'property_tax 1 demand 2', amount: '10000', due: '2026-06-30' },
      { what: 'property_tax 2 demand 2', amount: '10000', due: '2026-12-31' },
      { what: 'cess 1 demand 2', amount: '1000', due: '2026-06-30' },
      { what: 'cess 2 demand 2', amount: '1000', due: '2026-12-31' },
    ]);
    expect(
      (await postings(ctx, ids[1] as string)).slice(4).map((row) => `${row.what} ${row.amount}`),
    ).toEqual([
      'property_tax 1 credit 2 5000',
      'property_tax 2 credit 2 5000',
      'cess 1 credit 2 500',
      'cess 2 credit 2 500',
    ]);
    const balances = await db.database.read(ctx, (tx) => services.ledger.balances(tx, ids));
    expect(balances.map((balance) => balance.balancePaise)).toEqual([132_000n, 99_000n]);
    expect(await faults(ctx)).toEqual([]);
  });

  it('credits the whole demand back to what became exempt, and demands it again afterwards', async () => {
    const { ctx, ids } = await newTown([house('G1')]);
    const setUse = (use: string) =>
      db.owner.query('UPDATE units SET use = $2 WHERE ulb_id = $1', [ctx.ulbId, use]);
    await run(ctx);
    await setUse('worship');
    expect(await run(ctx)).toMatchObject({ assessed: 0, exempt: 1 });
    const balance = async () =>
      (await db.database.read(ctx, (tx) => services.ledger.balances(tx, ids)))[0]?.balancePaise;
    expect(await balance()).toBe(0n);
    await setUse('residential');
    expect(await run(ctx)).toMatchObject({ assessed: 1, exempt: 0 });
    expect(await balance()).toBe(110_000n);
    expect(await faults(ctx)).toEqual([]);
  });

  it('assesses what was an exception before, and leaves the rest', async () => {
    const { ctx, ids } = await newTown([
      house('H1'),
      { number: 'H2', ward: '1', units: [{ use: null, areaM2: 10 }] },
    ]);
    await run(ctx);
    await db.owner.query("UPDATE units SET use = 'commercial' WHERE ulb_id = $1 AND property_id = $2", [
      ctx.ulbId,
      ids[1],
    ]);
    expect(await run(ctx)).toMatchObject({ assessed: 1, unchanged: 1, exceptions: 0, totalPaise: '22000' });
  });

  it('is refused while the first is open', async () => {
    const { ctx } = await newTown([house('I1')]);
    await services.assessments.start(ctx, { fy: 2026 });
    await expect(services.assessments.start(ctx, { fy: 2026 })).rejects.toMatchObject({ kind: 'run-open' });
  });
});

describe('wards', () => {
  const two = [house('J1', 100, '1'), house('J2', 100, '2'), house('J3', 100, '2')];

  it('limit a run to their properties, and a later run of all does the rest', async () => {
    const { ctx } = await newTown(two);
    expect(await run(ctx, ['2'])).toMatchObject({ properties: 2, assessed: 2, wardNumbers: ['2'] });
    expect(await run(ctx)).toMatchObject({ properties: 3, assessed: 1, unchanged: 2 });
  });

  it('without a property are refused by name', async () => {
    const { ctx } = await newTown(two);
    await expect(services.assessments.start(ctx, { fy: 2026, wardNumbers: ['2', '77'] })).rejects.toThrow(
      /77/,
    );
  });

  it('of an officer bound his run', async () => {
    const { ctx } = await newTown(two);
    const officer = testContext(ctx.ulbId, { wardNumbers: ['1'] });
    await expect(services.assessments.start(officer, { fy: 2026, wardNumbers: ['2'] })).rejects.toMatchObject(
      { status: 403 },
    );
    expect(await run(officer)).toMatchObject({ properties: 1, wardNumbers: ['1'] });
  });
});

describe('chunks', () => {
  const many = Array.from({ length: 25 }, (_, i) => house(`K${String(i).padStart(2, '0')}`));

  async function planned(ctx: Context): Promise<string> {
    const { id } = await services.assessments.start(ctx, { fy: 2026 });
    await services.runs.plan(ctx, id, 10);
    return id;
  }

  it('cut the roll without gap or overlap', async () => {
    const { ctx } = await newTown(many);
    const id = await planned(ctx);
    const { rows } = await db.owner.query<{ properties: number }>(
      'SELECT properties FROM assessment_chunks WHERE run_id = $1 ORDER BY chunk_no',
      [id],
    );
    expect(rows.map((row) => row.properties)).toEqual([10, 10, 5]);
  });

  it('worked side by side and delivered twice count each property once', async () => {
    const { ctx } = await newTown(many);
    const id = await planned(ctx);
    await Promise.all([1, 2, 3, 1, 2, 3].map((chunkNo) => services.runs.assess(ctx, id, chunkNo)));
    await services.runs.assess(ctx, id, 2);
    expect(await services.assessments.get(ctx, id)).toMatchObject({
      status: 'computed',
      properties: 25,
      assessed: 25,
      totalPaise: String(25 * 110_000),
    });
    expect(await faults(ctx)).toEqual([]);
  });

  it('not begun when a run is cancelled are done when it is resumed, and no other', async () => {
    const { ctx, ids } = await newTown(many);
    const id = await planned(ctx);
    await services.runs.assess(ctx, id, 1);
    const officer = testContext(ctx.ulbId, { wardNumbers: ['1'] });
    await expect(services.assessments.cancel(officer, id)).rejects.toMatchObject({ kind: 'ward-not-yours' });
    await services.assessments.cancel(ctx, id);
    await services.work(ctx);
    const cancelled = await services.assessments.get(ctx, id);
    expect(cancelled).toMatchObject({ status: 'cancelled', assessed: 10, chunks: { done: 1, total: 3 } });
    expect(cancelled.totalPaise).toBe(String(10 * 110_000));
    expect(await postings(ctx, ids[0] as string)).toEqual([]);
    // What was computed before stays as it was; the rest is computed by the roll of now.
    await db.owner.query('UPDATE units SET area_m2 = 200 WHERE ulb_id = $1', [ctx.ulbId]);
    await services.runs.resume(ctx, id);
    await services.work(ctx);
    const resumed = await services.assessments.get(ctx, id);
    expect(resumed).toMatchObject({ status: 'computed', assessed: 25, totalPaise: String(40 * 110_000) });
    await expect(services.assessments.cancel(ctx, id)).rejects.toMatchObject({ kind: 'run-ended' });
    await expect(services.runs.resume(ctx, id)).rejects.toMatchObject({ kind: 'run-not-broken' });
  });

  it('of a cancelled run are out of date once another run of the year is published', async () => {
    const { ctx } = await newTown(many);
    const id = await planned(ctx);
    await services.runs.assess(ctx, id, 1);
    await services.assessments.cancel(ctx, id);
    expect(await run({ ...ctx, now: new Date(ctx.now.getTime() + 1_000) })).toMatchObject({ assessed: 25 });
    await expect(services.runs.resume(ctx, id)).rejects.toMatchObject({ kind: 'run-outdated' });
    expect(await faults(ctx)).toEqual([]);
  });

  it('leave one audit row each', async () => {
    const { ctx } = await newTown(many);
    const id = await planned(ctx);
    await services.work(ctx);
    const { rows } = await db.owner.query(
      "SELECT 1 FROM audit_log WHERE ulb_id = $1 AND noun_id = $2 AND action = 'assessment.chunk'",
      [ctx.ulbId, id],
    );
    expect(rows).toHaveLength(3);
  });
});

describe('another municipality', () => {
  it('sees neither runs nor tariffs nor postings', async () => {
    const { ctx } = await newTown([house('L1')]);
    const done = await run(ctx);
    const stranger = await createTestUlb(db, 900);
    await expect(services.assessments.get(stranger, done.id)).rejects.toMatchObject({ status: 404 });
    expect(await services.assessments.list(stranger)).toEqual([]);
    expect(await services.tariffs.list(stranger)).toEqual([]);
    expect(await db.database.read(stranger, (tx) => services.ledger.trialBalance(tx))).toEqual([]);
    await expect(services.assessments.start(stranger, { fy: 2026 })).rejects.toMatchObject({
      kind: 'tariff-missing',
    });
  });
});

describe('an explanation', () => {
  it('ends in the very demand, and says when the roll has changed since', async () => {
    const { ctx, ids } = await newTown([house('M1', 33.37)]);
    await run(ctx);
    const [id] = ids as [string];
    const explained = await services.explanations.explain(ctx, id, 2026);
    const posted = (await postings(ctx, id)).reduce((sum, row) => sum + BigInt(row.amount), 0n);
    expect(explained.reproduces).toBe(true);
    expect((explained.explanation as { totalPaise: string }).totalPaise).toBe(posted.toString());
    await setArea(ctx, id, 50);
    const later = await services.explanations.explain(ctx, id, 2026);
    // What is explained is what is demanded, whatever the roll says today.
    expect((later.explanation as { totalPaise: string }).totalPaise).toBe(posted.toString());
    expect(later.explanation).toMatchObject({ property: { number: 'M1', wardNumber: '1' } });
    expect(later).toMatchObject({ reproduces: false, totalPaise: posted.toString() });
  });
});

describe('a tariff', () => {
  it('is listed with its years, and the same file again changes nothing', async () => {
    const { ctx } = await newTown([]);
    await services.tariffs.install(ctx, smallTariff(), 'again.yaml');
    expect(await services.tariffs.list(ctx)).toMatchObject([
      { body: 'in-xx/small', status: 'sample', appliesFromFy: '2026-27', appliesToFy: null },
    ]);
  });

  it('that begins later ends the one in force, and a year within is not claimed twice', async () => {
    const { ctx } = await newTown([]);
    await services.tariffs.install(ctx, smallTariff({ from: '2028-29' }), 'later.yaml');
    expect(await services.tariffs.list(ctx)).toMatchObject([
      { appliesFromFy: '2028-29', appliesToFy: null },
      { appliesFromFy: '2026-27', appliesToFy: '2027-28' },
    ]);
    const within = smallTariff({ from: '2027-28', status: 'notified' });
    await expect(services.tariffs.install(ctx, within, 'within.yaml')).rejects.toMatchObject({
      kind: 'tariff-overlap',
    });
  });

  it('with a fault is refused with file and line', async () => {
    const { ctx } = await newTown([]);
    const broken = smallTariff().replace('area * rate(use)', 'area * rates(use)');
    await expect(services.tariffs.install(ctx, broken, 'broken.yaml')).rejects.toThrow(/broken\.yaml:\d+/);
  });
});
