import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunView } from '../apps/api/src/assessment/run/run-view.js';
import type { Context } from '../apps/api/src/platform/database/tx.js';
import {
  addProperties,
  assessmentServices,
  figuresOf,
  type RollProperty,
  second,
  smallTariff,
} from './support/assessment.js';
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

const many = Array.from({ length: 25 }, (_, i) => house(`K${String(i).padStart(2, '0')}`));

async function newTown(properties: RollProperty[]): Promise<{ ctx: Context; ids: string[] }> {
  town += 1;
  const ctx = await createTestUlb(db, town);
  await services.tariffs.install(ctx, smallTariff(), 'small.yaml');
  return { ctx, ids: await addProperties(db, ctx, properties) };
}

/** A run in chunks of ten that is computed and waits. */
async function draft(ctx: Context): Promise<RunView> {
  const { id } = await services.assessments.start(ctx, { fy: 2026 });
  await services.runs.plan(ctx, id, 10);
  await services.work(ctx);
  return services.assessments.get(ctx, id);
}

const get = (ctx: Context, run: RunView) => services.assessments.get(ctx, run.id);
const posted = async (ctx: Context) =>
  (
    await db.owner.query<{ n: number; paise: string }>(
      `SELECT count(*)::int AS n, coalesce(sum(amount_paise), 0)::text AS paise FROM postings
       WHERE ulb_id = $1 AND kind = 'demand'`,
      [ctx.ulbId],
    )
  ).rows[0];
const faults = (ctx: Context) => db.database.read(ctx, (tx) => services.ledger.verify(tx));

describe('a computed run', () => {
  it('is a draft: nothing is demanded, and nobody is told that anything is', async () => {
    const { ctx, ids } = await newTown([house('A1')]);
    const run = await draft(ctx);
    expect(run).toMatchObject({
      status: 'computed',
      totalPaise: '110000',
      netPaise: '110000',
      publication: null,
    });
    expect(await posted(ctx)).toEqual({ n: 0, paise: '0' });
    await expect(services.explanations.explain(ctx, ids[0] as string, 2026)).rejects.toMatchObject({
      kind: 'not-assessed',
    });
  });

  it('cannot be published by who made it, not even past the program', async () => {
    const { ctx } = await newTown([house('B1')]);
    const run = await draft(ctx);
    await expect(services.publications.publish(ctx, run.id, figuresOf(run))).rejects.toMatchObject({
      status: 403,
      kind: 'second-person',
    });
    const forced = db.owner.query(
      `UPDATE assessment_runs SET status = 'publishing', published_by_login = created_by_login WHERE id = $1`,
      [run.id],
    );
    await expect(forced).rejects.toThrow(/assessment_runs_second_person/);
  });

  it('cannot be published under a second account name of the same person', async () => {
    const { ctx } = await newTown([house('B2')]);
    const id = '01990000-0000-7000-8000-0000000000aa';
    const maker = testContext(ctx.ulbId, { id, login: 'asha' });
    const run = await draft(maker);
    const renamed = testContext(ctx.ulbId, { id, login: 'asha2' });
    await expect(services.publications.publish(renamed, run.id, figuresOf(run))).rejects.toMatchObject({
      kind: 'second-person',
    });
  });

  it('is published with its very figures only', async () => {
    const { ctx } = await newTown([house('C1')]);
    const run = await draft(ctx);
    const wrong = { ...figuresOf(run), totalPaise: '110001' };
    await expect(services.publications.publish(second(ctx), run.id, wrong)).rejects.toMatchObject({
      kind: 'figures-differ',
    });
    expect((await get(ctx, run)).status).toBe('computed');
  });

  it('can be withdrawn with a reason, and the next run takes the next number', async () => {
    const { ctx, ids } = await newTown([house('D1')]);
    const run = await draft(ctx);
    await services.publications.withdraw(ctx, run.id, 'zone C has the wrong rate');
    expect(await get(ctx, run)).toMatchObject({
      status: 'withdrawn',
      withdrawal: { byLogin: 'tester', reason: 'zone C has the wrong rate' },
    });
    const again = await draft(ctx);
    await services.publish(ctx, again);
    await services.work(ctx);
    const explained = await services.explanations.explain(ctx, ids[0] as string, 2026);
    expect(explained).toMatchObject({ assessmentNo: 2, totalPaise: '110000' });
    expect(await posted(ctx)).toEqual({ n: 4, paise: '110000' });
    expect(await faults(ctx)).toEqual([]);
  });

  it('keeps its tariff: another for the year is refused until the run is published or given up', async () => {
    const { ctx } = await newTown([house('E1')]);
    const run = await draft(ctx);
    const dearer = smallTariff({ residential: 99 });
    await expect(services.tariffs.install(ctx, dearer, 'dearer.yaml')).rejects.toMatchObject({
      kind: 'tariff-relied-on',
    });
    await services.publications.withdraw(ctx, run.id, 'the council raised the rates');
    await services.tariffs.install(ctx, dearer, 'dearer.yaml');
    const again = await draft(ctx);
    expect(again.totalPaise).toBe('1089000');
    expect(again.tariffSha256).not.toBe(run.tariffSha256);
  });

  it('that was cancelled is not resumed under a tariff which has been replaced since', async () => {
    const { ctx } = await newTown(many);
    const { id } = await services.assessments.start(ctx, { fy: 2026 });
    await services.runs.plan(ctx, id, 10);
    await services.runs.assess(ctx, id, 1);
    await services.assessments.cancel(ctx, id);
    await services.tariffs.install(ctx, smallTariff({ residential: 99 }), 'dearer.yaml');
    await expect(services.runs.resume(ctx, id)).rejects.toMatchObject({ kind: 'run-outdated' });
  });

  it('that does not add up is refused by the database', async () => {
    const { ctx } = await newTown([house('F1')]);
    const run = await draft(ctx);
    const lost = db.owner.query('UPDATE assessment_runs SET exempt = exempt + 1 WHERE id = $1', [run.id]);
    await expect(lost).rejects.toThrow(/assessment_runs_reconciled/);
  });
});

describe('a publication', () => {
  it('in chunks side by side, delivered twice, posts each demand once', async () => {
    const { ctx } = await newTown(many);
    const run = await draft(ctx);
    await services.publish(ctx, run);
    await Promise.all([1, 2, 3, 1, 2, 3].map((chunkNo) => services.publications.post(ctx, run.id, chunkNo)));
    await services.publications.post(ctx, run.id, 2);
    expect(await get(ctx, run)).toMatchObject({ status: 'published', chunks: { posted: 3 } });
    expect(await posted(ctx)).toEqual({ n: 100, paise: String(25 * 110_000) });
    expect(await faults(ctx)).toEqual([]);
  });

  it('half done leaves books that agree with what is posted, and readers see none of it yet', async () => {
    const { ctx, ids } = await newTown(many);
    const run = await draft(ctx);
    await services.publish(ctx, run);
    await services.publications.post(ctx, run.id, 1);
    expect(await get(ctx, run)).toMatchObject({ status: 'publishing', chunks: { posted: 1, total: 3 } });
    expect(await faults(ctx)).toEqual([]);
    await expect(services.explanations.explain(ctx, ids[0] as string, 2026)).rejects.toMatchObject({
      status: 404,
    });
  });

  it('stops where the ledger has changed since, says so, and goes on when it is mended', async () => {
    const { ctx } = await newTown(many);
    const run = await draft(ctx);
    await services.publish(ctx, run);
    await db.owner.query(
      `UPDATE assessment_chunks SET net_paise = net_paise - 100 WHERE run_id = $1 AND chunk_no = 2`,
      [run.id],
    );
    await expect(services.publications.post(ctx, run.id, 2)).rejects.toThrow(/part 2 would post/);
    await services.publications.post(ctx, run.id, 1);
    expect(await posted(ctx)).toEqual({ n: 40, paise: String(10 * 110_000) });
    await db.owner.query(
      `UPDATE assessment_chunks SET net_paise = net_paise + 100 WHERE run_id = $1 AND chunk_no = 2`,
      [run.id],
    );
    await services.runs.resume(ctx, run.id);
    await services.work(ctx);
    expect(await get(ctx, run)).toMatchObject({ status: 'published', error: null });
    expect(await faults(ctx)).toEqual([]);
  });

  it('of a run beyond the wards of who publishes is refused', async () => {
    const { ctx } = await newTown([house('G1')]);
    const run = await draft(ctx);
    const wardOfficer = testContext(ctx.ulbId, { login: 'ward', wardNumbers: ['1'] });
    await expect(services.publications.publish(wardOfficer, run.id, figuresOf(run))).rejects.toMatchObject({
      kind: 'ward-not-yours',
    });
  });

  it('is in the audit log with who asked for it and its figures', async () => {
    const { ctx } = await newTown([house('H1')]);
    const run = await draft(ctx);
    await services.publish(ctx, run);
    const { rows } = await db.owner.query(
      `SELECT actor_login AS by, after ->> 'totalPaise' AS total, after ->> 'createdByLogin' AS made
       FROM audit_log WHERE ulb_id = $1 AND noun_id = $2 AND action = 'assessment.publish'`,
      [ctx.ulbId, run.id],
    );
    expect(rows).toEqual([{ by: 'checker', total: '110000', made: 'tester' }]);
  });
});

describe('the same request', () => {
  it('sent twice starts one run, and another request under its key is refused', async () => {
    const { ctx } = await newTown([house('I1')]);
    const asked = { fy: 2026, clientKey: 'button-pressed-1' };
    const [one, two] = await Promise.all([1, 2].map(() => services.assessments.start(ctx, asked)));
    expect(two?.id).toBe(one?.id);
    await expect(services.assessments.start(ctx, { ...asked, fy: 2027 })).rejects.toMatchObject({
      kind: 'key-used',
    });
    await expect(services.assessments.start(ctx, { fy: 2026 })).rejects.toMatchObject({ kind: 'run-open' });
  });
});
