import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { TariffFilesService } from '../apps/api/src/assessment/tariff-files/tariff-files.service.js';
import type { Context } from '../apps/api/src/platform/database/tx.js';
import { assessmentServices, smallTariff } from './support/assessment.js';
import { createTestDatabase, createTestUlb, type TestDatabase } from './support/database.js';

let db: TestDatabase;
let services: ReturnType<typeof assessmentServices>;
let tariffs: TariffFilesService;
let next = 0;

beforeAll(async () => {
  db = await createTestDatabase();
  services = assessmentServices(db);
  tariffs = services.tariffs;
});

afterAll(async () => {
  await services?.stop();
  await db?.drop();
});

const town = (): Promise<Context> => createTestUlb(db, (next += 1));
const install = (ctx: Context, text: string) => tariffs.installFile(ctx, text, 'file.yaml');
const times = async (ctx: Context) =>
  (await tariffs.list(ctx)).map((one) => [
    one.appliesFromFy ?? one.inForceFrom,
    one.appliesToFy ?? one.inForceTo,
    one.standing,
  ]);

/** A rebate of a tenth of the small tariff's tax, in force from a day. */
function smallCollection(from: string, to = 'null', head = 'property_tax'): string {
  return `
tariff: in-xx/small
kind: collection
title: {en: Rebate, hi: Rebate, mr: Rebate}
law: "Made for a test"
in_force: {from: ${from}, to: ${to}}
status: sample
rebates:
  - {name: early, on: [${head}], given: demand, formula: "0.1 * base", round: {to: 1, mode: half_up},
     label: {en: Early, hi: Early, mr: Early}, reference: "s. 4"}
`;
}

async function publishRun(ctx: Context, fy: number, sha256: string, publishedAt: string): Promise<void> {
  await db.owner.query(
    `INSERT INTO assessment_runs (ulb_id, id, fy, effective_on, tariff_sha256, status, created_by_login, created_at,
       published_by_login, publish_asked_at, published_at)
     VALUES ($1, gen_random_uuid(), $2::int, make_date($2::int, 4, 1), $3, 'published', 'maker', $4, 'checker', $4, $4)`,
    [ctx.ulbId, fy, sha256, publishedAt],
  );
}

describe('a tariff of assessment', () => {
  it('that begins later ends the open one, and both are listed with their years', async () => {
    const ctx = await town();
    const first = await install(ctx, smallTariff());
    const second = await install(ctx, smallTariff({ from: '2028-29', residential: 12 }));
    expect(second).toMatchObject({
      from: '2028-29',
      to: null,
      ended: { sha256: first.sha256, last: '2027-28' },
    });
    expect(await times(ctx)).toEqual([
      ['2028-29', null, 'future'],
      ['2026-27', '2027-28', 'now'],
    ]);
  });

  it('that begins in the same year replaces one that nothing rests on yet', async () => {
    const ctx = await town();
    const first = await install(ctx, smallTariff());
    const second = await install(ctx, smallTariff({ residential: 12 }));
    expect(second.ended).toEqual({ sha256: first.sha256, last: null });
    expect((await times(ctx)).map(([, , standing]) => standing).sort()).toEqual(['never', 'now']);
  });

  it('leaves the years with published assessments alone, and names them', async () => {
    const ctx = await town();
    const first = await install(ctx, smallTariff());
    await publishRun(ctx, 2027, first.sha256, '2026-04-10T06:00:00Z');
    const refusal = install(ctx, smallTariff({ from: '2027-28', residential: 12 }));
    await expect(refusal).rejects.toMatchObject({
      kind: 'tariff-relied-on',
      detail: expect.stringContaining('2027-28'),
    });
    await expect(install(ctx, smallTariff({ from: '2028-29', residential: 12 }))).resolves.toMatchObject({
      ended: { last: '2027-28' },
    });
  });

  it('that would leave years without any law is refused', async () => {
    const ctx = await town();
    await install(ctx, smallTariff({ from: '2020-21', to: '2022-23' }));
    await expect(install(ctx, smallTariff({ from: '2026-27' }))).rejects.toMatchObject({
      kind: 'tariff-gap',
    });
  });

  it('that drops a head which the collection file in force reduces is refused with the line', async () => {
    const ctx = await town();
    await install(ctx, smallTariff());
    await install(ctx, smallCollection('2026-04-01'));
    const renamed = smallTariff({ from: '2027-28' }).replaceAll('property_tax', 'house_tax');
    await expect(install(ctx, renamed)).rejects.toMatchObject({
      kind: 'tariff-faulty',
      errors: [expect.objectContaining({ value: 'property_tax' })],
    });
  });

  it('with a case that fails is not installed from the command line', async () => {
    const ctx = await town();
    const wrong = `${smallTariff()}cases:
  - {name: Ten, kind: computed, given: {units: [{area: 1, use: residential}]}, expect: {property_tax: 11}}
`;
    await expect(install(ctx, wrong)).rejects.toMatchObject({ kind: 'tariff-faulty' });
    expect(await times(ctx)).toEqual([]);
  });
});

describe('a collection file', () => {
  it('is installed beside the assessment file whose heads it reduces, and not without one', async () => {
    const ctx = await town();
    await expect(install(ctx, smallCollection('2026-04-01'))).rejects.toMatchObject({
      kind: 'collection-alone',
    });
    await install(ctx, smallTariff());
    const installed = await install(ctx, smallCollection('2026-04-01'));
    expect(installed).toMatchObject({ kind: 'collection', from: '2026-04-01', to: null, ended: null });
    await expect(install(ctx, smallCollection('2026-05-01', 'null', 'water'))).rejects.toMatchObject({
      kind: 'tariff-faulty',
    });
  });

  it('that begins later ends the one before on the day before', async () => {
    const ctx = await town();
    await install(ctx, smallTariff());
    await install(ctx, smallCollection('2026-04-01'));
    await install(ctx, smallCollection('2026-08-01'));
    expect(await times(ctx)).toEqual([
      ['2026-27', null, 'now'],
      ['2026-08-01', null, 'future'],
      ['2026-04-01', '2026-07-31', 'now'],
    ]);
  });

  it('does not reach back behind a day on which demands were published', async () => {
    const ctx = await town();
    const { sha256 } = await install(ctx, smallTariff());
    await install(ctx, smallCollection('2026-04-01'));
    await publishRun(ctx, 2026, sha256, '2026-04-10T20:00:00Z');
    const refusal = install(ctx, smallCollection('2026-04-11'));
    // 20:00 UTC is the next day in India.
    await expect(refusal).rejects.toMatchObject({
      kind: 'tariff-relied-on',
      detail: expect.stringContaining('2026-04-11'),
    });
    await expect(install(ctx, smallCollection('2026-04-12'))).resolves.toMatchObject({
      ended: { last: '2026-04-11' },
    });
  });

  it('of Delhi goes with the assessment files of its days', async () => {
    const ctx = await town();
    const file = (name: string) => readFileSync(`tariffs/in-dl/mcd/${name}`, 'utf8');
    for (const name of ['assessment/2019-20.yaml', 'assessment/2022-23.yaml']) await install(ctx, file(name));
    for (const name of ['collection/2019-04-01.yaml', 'collection/2022-04-01.yaml'])
      await install(ctx, file(name));
    expect((await times(ctx)).map(([from]) => from).sort()).toEqual([
      '2019-04-01',
      '2019-20',
      '2022-04-01',
      '2022-23',
    ]);
  });
});
