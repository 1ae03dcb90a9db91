import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunView } from '../apps/api/src/assessment/run/run-view.js';
import { DocumentRepository } from '../apps/api/src/parcels/property-file/document.repository.js';
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

const house = (number: string, areaM2 = 100): RollProperty => ({
  number,
  ward: '1',
  units: [{ use: 'residential', areaM2 }],
});

/** A municipality whose roll is assessed and published for 2026-27. */
async function assessedTown(properties: RollProperty[]): Promise<{ ctx: Context; ids: string[] }> {
  town += 1;
  const ctx = await createTestUlb(db, town);
  await services.tariffs.install(ctx, smallTariff(), 'small.yaml');
  const ids = await addProperties(db, ctx, properties);
  await published(ctx, await services.assessments.start(ctx, { fy: 2026 }));
  return { ctx, ids };
}

async function computed(ctx: Context, { id }: RunView): Promise<RunView> {
  await services.work(ctx);
  return services.assessments.get(ctx, id);
}

async function published(ctx: Context, run: RunView): Promise<RunView> {
  await services.publish(ctx, await computed(ctx, run));
  return computed(ctx, run);
}

const setArea = (ctx: Context, propertyId: string, areaM2: number) =>
  db.owner.query('UPDATE units SET area_m2 = $3 WHERE ulb_id = $1 AND property_id = $2', [
    ctx.ulbId,
    propertyId,
    areaM2,
  ]);
const why = { fy: 2026, reason: 'The upper floor was measured anew', order: 'Order 114 of 12 May 2026' };
const balance = async (ctx: Context, id: string) =>
  (await db.database.read(ctx, (tx) => services.ledger.balances(tx, [id])))[0]?.balancePaise;

describe('a revision of one property', () => {
  it('posts the difference alone, once a second person has published it', async () => {
    const { ctx, ids } = await assessedTown([house('A1'), house('A2')]);
    const [id = '', other = ''] = ids;
    await setArea(ctx, id, 120);
    await setArea(ctx, other, 300);
    const run = await computed(ctx, await services.revisions.start(ctx, id, why));
    expect(run).toMatchObject({
      status: 'computed',
      properties: 1,
      assessed: 1,
      totalPaise: '132000',
      netPaise: '22000',
      revision: { propertyId: id, number: 'A1', reason: why.reason, orderRef: why.order },
    });
    expect(await balance(ctx, id)).toBe(110_000n);
    await published(ctx, run);
    expect(await balance(ctx, id)).toBe(132_000n);
    expect(await balance(ctx, other)).toBe(110_000n);
    expect(await db.database.read(ctx, (tx) => services.ledger.verify(tx))).toEqual([]);
  });

  it('credits where the assessment was too high', async () => {
    const { ctx, ids } = await assessedTown([house('B1')]);
    await setArea(ctx, ids[0] as string, 40);
    const run = await published(ctx, await services.revisions.start(ctx, ids[0] as string, why));
    expect(run).toMatchObject({ status: 'published', netPaise: '-66000' });
    expect(await balance(ctx, ids[0] as string)).toBe(44_000n);
  });

  it('that changes nothing says so', async () => {
    const { ctx, ids } = await assessedTown([house('C1')]);
    const run = await computed(ctx, await services.revisions.start(ctx, ids[0] as string, why));
    expect(run).toMatchObject({ assessed: 0, unchanged: 1, netPaise: '0' });
  });

  it('waits beside revisions of others, but not beside a run of the town or a second one of its own', async () => {
    const { ctx, ids } = await assessedTown([house('D1'), house('D2')]);
    await services.revisions.start(ctx, ids[0] as string, why);
    await services.revisions.start(ctx, ids[1] as string, why);
    await expect(services.revisions.start(ctx, ids[0] as string, why)).rejects.toMatchObject({
      kind: 'run-open',
    });
    await expect(services.assessments.start(ctx, { fy: 2026 })).rejects.toThrow(/revision of property D1/);
  });

  it('is refused for a retired property, a day outside the year, and beyond the wards of who asks', async () => {
    const { ctx, ids } = await assessedTown([house('E1')]);
    const [id = ''] = ids;
    const late = { ...why, effectiveOn: '2027-04-01' };
    await expect(services.revisions.start(ctx, id, late)).rejects.toMatchObject({ kind: 'day-outside-year' });
    const stranger = testContext(ctx.ulbId, { wardNumbers: ['9'] });
    await expect(services.revisions.start(stranger, id, why)).rejects.toMatchObject({
      kind: 'ward-not-yours',
    });
    await db.owner.query(`UPDATE properties SET status = 'retired' WHERE ulb_id = $1`, [ctx.ulbId]);
    await expect(services.revisions.start(ctx, id, why)).rejects.toMatchObject({ kind: 'property-retired' });
  });
});

describe('the assessments of a property', () => {
  it('are all there with their numbers: published, revised, withdrawn', async () => {
    const { ctx, ids } = await assessedTown([house('F1')]);
    const [id = ''] = ids;
    await setArea(ctx, id, 120);
    const wrong = await computed(ctx, await services.revisions.start(ctx, id, why));
    await services.publications.withdraw(ctx, wrong.id, 'measured wrongly');
    await setArea(ctx, id, 110);
    await published(ctx, await services.revisions.start(ctx, id, why));
    const list = await services.history.list(ctx, id);
    const shown = list.map(({ assessmentNo, totalPaise, current, run }) => {
      return [assessmentNo, totalPaise, current, run.status, run.publishedByLogin];
    });
    expect(shown).toEqual([
      [3, '121000', true, 'published', 'checker'],
      [2, '132000', false, 'withdrawn', null],
      [1, '110000', false, 'published', 'checker'],
    ]);
    expect(list[0]?.revision).toEqual({ reason: why.reason, orderRef: why.order });
  });

  it('are each reproduced to the paisa after the property has changed', async () => {
    const { ctx, ids } = await assessedTown([house('G1', 33.37)]);
    const [id = ''] = ids;
    await setArea(ctx, id, 120);
    const replay = await services.history.replay(ctx, id, 2026, 1);
    expect(replay).toMatchObject({ reproduces: true, differences: [], totalPaise: '36740' });
    await expect(services.history.replay(ctx, id, 2026, 2)).rejects.toMatchObject({
      kind: 'assessment-unknown',
    });
  });

  it('are reproduced from the roll as it was known, whatever it says today', async () => {
    const { ctx, ids } = await assessedTown([house('J1', 50)]);
    const [id = ''] = ids;
    const documents = new DocumentRepository();
    // After the worker's own clock, by which the run was computed.
    const later = { ...ctx, now: new Date('2090-09-01T06:00:00Z') };
    await db.database.write(later, async (tx) => {
      await documents.lock(tx, id);
      const { document, version } = (await documents.version(tx, id, null))!;
      const units = document.units.map((unit) => ({ ...unit, areaM2: '80' }));
      await documents.write(tx, id, version, { document: { ...document, units }, why: 'measured anew' });
    });
    const { rows } = await db.owner.query('SELECT area_m2 FROM units WHERE property_id = $1', [id]);
    expect(rows).toEqual([{ area_m2: '80.0000' }]);
    const { roll, reproduces } = await services.history.replay(later, id, 2026, 1);
    expect([reproduces, roll]).toEqual([
      true,
      expect.objectContaining({ reproduces: true, differences: [] }),
    ]);
    const replaced = await published(ctx, await services.revisions.start(ctx, id, why));
    expect(replaced.totalPaise).toBe('88000');
    expect(await services.history.replay(later, id, 2026, 2)).toMatchObject({ reproduces: true });
  });

  it('that rest on the year before are reproduced with the value that was remembered', async () => {
    town += 1;
    const ctx = await createTestUlb(db, town);
    const capped = smallTariff()
      .replace('tables:', 'carried: {property: {}, unit: {annual: {money: true}}}\ntables:')
      .replace(
        'formula: "area * rate(use)"',
        'formula: "case when previous(annual) is null then area * rate(use) ' +
          'else least(area * rate(use), 1.10 * previous(annual)) end"',
      );
    await services.tariffs.install(ctx, capped, 'capped.yaml');
    const [id = ''] = await addProperties(db, ctx, [house('K1')]);
    await published(ctx, await services.assessments.start(ctx, { fy: 2026 }));
    await setArea(ctx, id, 200);
    const next = await published(ctx, await services.assessments.start(ctx, { fy: 2027 }));
    expect(next.totalPaise).toBe('121000');
    await setArea(ctx, id, 50);
    const replay = await services.history.replay(ctx, id, 2027, 1);
    expect(replay).toMatchObject({ reproduces: true, differences: [], totalPaise: '121000' });
    const explained = await services.explanations.explain(ctx, id, 2027);
    expect(explained).toMatchObject({ reproduces: false, explanation: { totalPaise: '121000' } });
  });

  it('show where what was kept has been tampered with', async () => {
    const { ctx, ids } = await assessedTown([house('H1')]);
    await db.owner.query(
      `BEGIN; SET LOCAL session_replication_role = 'replica';
       UPDATE assessments SET total_paise = 100 WHERE ulb_id = ${ctx.ulbId}; COMMIT`,
    );
    const replay = await services.history.replay(ctx, ids[0] as string, 2026, 1);
    expect(replay).toMatchObject({ reproduces: false });
    expect(replay.differences).toEqual([{ what: 'total', kept: '100', replayed: '110000' }]);
    const proof = await db.database.read(ctx, (tx) => services.history.verify(tx, 10));
    expect(proof).toMatchObject({ replayed: 1, faults: [expect.stringContaining('total is 110000 now')] });
  });

  it('exempt ones and those with several units are reproduced as well', async () => {
    const { ctx } = await assessedTown([
      { number: 'I1', ward: '1', units: [{ use: 'worship', areaM2: 300 }] },
      {
        number: 'I2',
        ward: '1',
        units: [
          { use: 'residential', areaM2: 51.25 },
          { use: 'commercial', areaM2: 12.5 },
        ],
      },
    ]);
    const proof = await db.database.read(ctx, (tx) => services.history.verify(tx, 10));
    expect(proof).toEqual({ replayed: 2, faults: [] });
  });
});
