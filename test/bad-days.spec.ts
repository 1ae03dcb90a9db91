import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Redis } from 'ioredis';
import pg from 'pg';
import { AppModule } from '../apps/api/src/app.module.js';
import { AssessmentService } from '../apps/api/src/assessment/assessment.service.js';
import { PublicationService } from '../apps/api/src/assessment/publication/publication.service.js';
import type { RunView } from '../apps/api/src/assessment/run/run-view.js';
import { TariffFilesService } from '../apps/api/src/assessment/tariff-files/tariff-files.service.js';
import { now } from '../apps/api/src/platform/clock.js';
import { readConfig } from '../apps/api/src/platform/config.js';
import { migrate } from '../apps/api/src/platform/database/migrate.js';
import type { Context } from '../apps/api/src/platform/database/tx.js';
import type { CompiledTariff } from '../apps/api/src/tariff/compile.js';
import { testContext } from './support/database.js';
import { figuresOf, second } from './support/assessment.js';
import { type PrivateServices, startPrivateServices } from './support/private-services.js';

/** A city's run is hit in the middle: nothing may be lost, nothing counted twice. Own servers, own worker processes. */

const properties = 100_000;
const workerFile = 'dist/apps/api/src/worker.js';
const tariffFile = 'tariffs/in-mp/demo/assessment/2026-27.yaml';

let folder: string;
let services: PrivateServices;
let app: INestApplicationContext;
let owner: pg.Pool;
let tariff: CompiledTariff;
let workers: ChildProcess[] = [];
const ctx = (): Context => ({ ...testContext(1), now: now() });

beforeAll(async () => {
  if (!existsSync(workerFile))
    throw new Error('The worker is not built: npm run build, or npm test, which builds.');
  folder = mkdtempSync(join(tmpdir(), 'jarib-bad-days-'));
  services = await startPrivateServices(folder);
  const config = readConfig(environment());
  await migrate(config);
  owner = new pg.Pool({ connectionString: services.databaseUrl });
  owner.on('error', () => undefined);
  await fillRoll();
  app = await NestFactory.createApplicationContext(AppModule.with(config), {
    logger: false,
    abortOnError: false,
  });
  await app.init();
  const install = app.get(TariffFilesService, { strict: false });
  tariff = await install.install(ctx(), readFileSync(tariffFile, 'utf8'), tariffFile);
}, 180_000);

afterEach(async () => {
  await Promise.all(workers.map(end));
  workers = [];
});

afterAll(async () => {
  await app?.close();
  await owner?.end();
  await services?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

const environment = () => ({
  ...process.env,
  DATABASE_URL: services.databaseUrl,
  REDIS_URL: services.redisUrl,
  LOG_LEVEL: 'silent',
  JARIB_POOL: '6',
});

async function fillRoll(): Promise<void> {
  await owner.query(
    `INSERT INTO ulbs (ulb_id, code, name, utm_srid, created_at) VALUES (1, 'sagar', 'Sagar', 32644, now())`,
  );
  await owner.query(
    `INSERT INTO properties (ulb_id, id, number, ward_number, zone_number, land_area_m2, recorded_at, no_parcel_reason)
     SELECT 1, ('01990000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'P' || n, (n % 20 + 1)::text,
       (ARRAY['A', 'B', 'C', 'D'])[n % 4 + 1], 100 + n % 400, now(), 'not_mapped'
     FROM generate_series(1, $1::int) AS n`,
    [properties],
  );
  await owner.query(
    `INSERT INTO units (ulb_id, property_id, unit_no, effective, floor, use, structure, occupancy, year_built, area_m2,
       capital_value, recorded_at)
     SELECT 1, ('01990000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 1, daterange('2000-01-01', NULL), '0',
       (ARRAY['residential', 'commercial', 'residential'])[n % 3 + 1], 'pucca',
       (ARRAY['self', 'tenant'])[n % 2 + 1], 1990 + n % 30, 40 + n % 160, 100000, now()
     FROM generate_series(1, $1::int) AS n`,
    [properties],
  );
  await owner.query('ANALYZE');
}

function startWorker(): ChildProcess {
  const worker = spawn(process.execPath, [workerFile], { env: environment(), stdio: 'ignore' });
  workers.push(worker);
  return worker;
}

const end = async (worker: ChildProcess) => {
  if (worker.exitCode !== null || worker.signalCode !== null) return;
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  worker.kill('SIGKILL');
  await ended;
};

/** A service that is just coming back refuses for a moment; a person would press the key again. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries > 50) throw error;
      await pause(200);
    }
  }
}

/** When a run is hit: while its chunks are computed, or while its demands are posted. */
type Phase = 'computing' | 'publishing';

/** Starts the run of a year, publishes it, and does `harm` as soon as one chunk of `phase` is done and others are not. */
async function runThrough(fy: number, phase: Phase, harm: () => Promise<void>) {
  const { id } = await app.get(AssessmentService, { strict: false }).start(ctx(), { fy } as never);
  if (phase === 'computing') await harmWhen(id, (run) => run.chunks.done, harm);
  const computed = await untilStatus(id, 'computed');
  expect((await owner.query('SELECT 1 FROM postings WHERE fy = $1 LIMIT 1', [fy])).rowCount).toBe(0);
  const publications = app.get(PublicationService, { strict: false });
  await patiently(() => publications.publish(second(ctx()), id, figuresOf(computed)));
  if (phase === 'publishing') await harmWhen(id, (run) => run.chunks.posted, harm);
  return untilStatus(id, 'published');
}

const get = (id: string) => patiently(() => app.get(AssessmentService, { strict: false }).get(ctx(), id));

async function harmWhen(
  id: string,
  done: (run: RunView) => number,
  harm: () => Promise<void>,
): Promise<void> {
  for (const until = performance.now() + 90_000; ; await pause(20)) {
    const run = await get(id);
    if (done(run) > 0) {
      expect(done(run)).toBeLessThan(run.chunks.total);
      return harm();
    }
    if (performance.now() > until) throw new Error('The run did not begin.');
  }
}

async function untilStatus(id: string, status: string): Promise<RunView> {
  for (const until = performance.now() + 120_000; ; await pause(200)) {
    const run = await get(id);
    if (run.status === status) return run;
    if (run.error || performance.now() > until)
      throw new Error(`The run is not ${status}: ${JSON.stringify(run)}`);
  }
}

/** What the tariff says of the roll in one sum, past queue, chunks and ledger. */
async function expectedTotal(fy: number): Promise<{ total: string; count: string }> {
  const { rows } = await owner.query<{ total: string; count: string }>(
    `SELECT sum(total_paise)::text AS total, count(*)::text AS count FROM (${tariff.chunkSelectSql}) AS calc`,
    [
      1,
      fy,
      `${fy}-04-01`,
      '00000000-0000-0000-0000-000000000000',
      'ffffffff-ffff-ffff-ffff-ffffffffffff',
      null,
    ],
  );
  return rows[0]!;
}

async function expectWhole(
  fy: number,
  run: { status: string; totalPaise: string; properties: number },
): Promise<void> {
  const expected = await expectedTotal(fy);
  expect(run).toMatchObject({ status: 'published', totalPaise: expected.total, properties });
  const { rows } = await owner.query(
    `SELECT (SELECT count(*) FROM assessments WHERE fy = $1)::text AS assessments,
       (SELECT max(assessment_no) FROM assessments WHERE fy = $1) AS revisions,
       (SELECT sum(amount_paise) FROM postings WHERE fy = $1 AND kind = 'demand')::text AS posted`,
    [fy],
  );
  expect(rows).toEqual([{ assessments: expected.count, revisions: 1, posted: expected.total }]);
  await untilIdle();
}

/** A job that died with its worker is taken up again after its time, finds its chunk done, and ends. */
async function untilIdle(): Promise<void> {
  for (const until = performance.now() + 100_000; ; await pause(500)) {
    const { rows } = await owner.query<{ name: string; status: string }>(
      "SELECT name, status FROM jobs WHERE status IN ('pending', 'running') AND name <> 'assessment.map'",
    );
    if (rows.length === 0) return;
    if (performance.now() > until) throw new Error(`Work is left over: ${JSON.stringify(rows)}`);
  }
}

describe.each<Phase>(['computing', 'publishing'])(
  'a run hit while %s has the same totals and no duplicate',
  (phase) => {
    const year = (n: number) => (phase === 'computing' ? 2026 : 2030) + n;

    it('when its worker is killed', async () => {
      const first = startWorker();
      const run = await runThrough(year(0), phase, async () => {
        await end(first);
        startWorker();
      });
      await expectWhole(year(0), run);
    }, 240_000);

    it('when Redis loses everything', async () => {
      startWorker();
      const run = await runThrough(year(1), phase, async () => {
        const redis = new Redis(services.redisUrl);
        await redis.flushall();
        redis.disconnect();
      });
      await expectWhole(year(1), run);
    }, 240_000);

    it('when Postgres is killed and comes back', async () => {
      startWorker();
      const run = await runThrough(year(2), phase, async () => {
        await services.restartPostgres('kill');
      });
      await expectWhole(year(2), run);
    }, 240_000);
  },
);
