import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { z } from 'zod';
import {
  createTestDatabase,
  createTestUlb,
  type TestDatabase,
} from '../../../../../test/support/database.js';
import type { Context } from '../database/tx.js';
import { Log } from '../log.js';
import { Bell } from './bell.js';
import { defineJob } from './job.js';
import { JobRegistry } from './job-registry.js';
import { Jobs } from './jobs.js';
import { JobsRepository } from './jobs.repository.js';
import { Progress } from './progress.js';
import { JobRunner } from './runner.js';
import { Sweeper } from './sweeper.js';
import { JobWorker } from './worker.js';

const count = defineJob({
  name: 'test.count',
  queue: 'quick',
  payload: z.object({ what: z.string() }),
  key: (payload) => payload.what,
  attempts: 3,
  backOffMs: 100,
});

let db: TestDatabase;
let ctx: Context;
let done: string[] = [];
let fail: (payload: { what: string }) => void = () => undefined;
let givenUp: string[] = [];
let stop: () => Promise<void>;
let jobs: Jobs;
let repository: JobsRepository;

beforeAll(async () => {
  db = await createTestDatabase();
  ctx = await createTestUlb(db, 1);
  const log = new Log(db.config);
  repository = new JobsRepository();
  jobs = new Jobs(repository);
  const registry = new JobRegistry();
  registry.handle(
    count,
    async (_ctx, payload) => {
      fail(payload);
      done.push(payload.what);
    },
    async (_ctx, payload) => void givenUp.push(payload.what),
  );
  const bell = new Bell(db.config);
  const runner = new JobRunner(db.database, repository, registry, log);
  const worker = new JobWorker(db.config, registry, runner, log);
  const sweeper = new Sweeper(db.config, db.database, repository, bell, log);
  worker.start([count] as never[]);
  await sweeper.start();
  stop = async () => {
    await sweeper.onApplicationShutdown();
    await worker.onApplicationShutdown();
    await bell.onApplicationShutdown();
  };
});

afterAll(async () => {
  await stop?.();
  await db?.drop();
});

beforeEach(() => {
  done = [];
  givenUp = [];
  fail = () => undefined;
});

const add = (what: string) => db.database.write(ctx, (tx) => jobs.add(tx, count, { what }));
const until = async (condition: () => boolean | Promise<boolean>, withinMs = 20_000) => {
  const end = performance.now() + withinMs;
  while (!(await condition())) {
    if (performance.now() > end) throw new Error(`Nothing after ${withinMs} ms.`);
    await pause(20);
  }
};
const statusOf = async (id: string) =>
  (await db.owner.query<{ status: string }>('SELECT status FROM jobs WHERE id = $1', [id])).rows[0]?.status;

describe('a job', () => {
  it('is done after its transaction commits', async () => {
    const id = await add('committed');
    await until(async () => (await statusOf(id)) === 'done');
    expect(done).toEqual(['committed']);
  });

  it('does not exist when its transaction rolls back', async () => {
    const work = db.database.write(ctx, async (tx) => {
      await jobs.add(tx, count, { what: 'rolled back' });
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    const id = await add('after it');
    await until(async () => (await statusOf(id)) === 'done');
    expect(done).toEqual(['after it']);
  });

  it('is added once while one with its key is open', async () => {
    const [one, two] = await db.database.write(ctx, async (tx) => [
      await jobs.add(tx, count, { what: 'same' }),
      await jobs.add(tx, count, { what: 'same' }),
    ]);
    expect(two).toBe(one);
    await until(async () => (await statusOf(one!)) === 'done');
    expect(done).toEqual(['same']);
  });

  it('asked for again while one with its key runs is done once more, since that one may have read before', async () => {
    const row = {
      id: '01990000-0000-7000-8000-000000000002',
      queue: 'quick',
      name: 'test.count',
      key: 'again',
    };
    const running = { ...row, payload: { what: 'again' }, maxAttempts: 3 };
    await db.database.write({ ...ctx, now: new Date('2090-01-01T00:00:00Z') }, async (tx) => {
      await repository.add(tx, running);
      await repository.claim(tx, row.id, new Date('2090-01-01T00:00:10Z'));
    });
    const second = await add('again');
    expect(second).not.toBe(row.id);
    await until(async () => (await statusOf(second)) === 'done');
    await db.owner.query('DELETE FROM jobs WHERE id = $1', [row.id]);
  });

  it('that killed its worker each time is given up instead of killing the next', async () => {
    const row = { id: '01990000-0000-7000-8000-000000000003', queue: 'quick', name: 'test.count', key: null };
    await db.database.write({ ...ctx, now: new Date('2090-01-01T00:00:00Z') }, (tx) =>
      repository.add(tx, { ...row, payload: { what: 'poison' }, maxAttempts: 3 }),
    );
    await db.owner.query(
      "UPDATE jobs SET status = 'running', attempts = 3, lease_until = '2026-04-15', run_after = '2026-04-15' WHERE id = $1",
      [row.id],
    );
    await until(async () => (await statusOf(row.id)) === 'failed');
    expect(done).toEqual([]);
    expect(givenUp).toEqual(['poison']);
  });

  it('is tried again after a failure, and then it is done', async () => {
    let failures = 0;
    fail = () => {
      if (failures++ < 1) throw new Error('the first try fails');
    };
    const id = await add('second try');
    await until(async () => (await statusOf(id)) === 'done');
    expect(done).toEqual(['second try']);
  });

  it('is given up after its last try, with its error kept', async () => {
    fail = () => {
      throw new Error('never works');
    };
    const id = await add('hopeless');
    await until(async () => (await statusOf(id)) === 'failed', 30_000);
    const { rows } = await db.owner.query('SELECT attempts, error FROM jobs WHERE id = $1', [id]);
    expect(rows[0]).toEqual({ attempts: 3, error: 'never works' });
    await until(() => givenUp.length === 1);
  });

  it('is done although Redis lost everything after the row was committed', async () => {
    const redis = new Redis(db.config.redisUrl);
    // Committed without the bell, as if Redis had lost the message; only the sweeper can find it.
    const id = await db.database.write(ctx, (tx) => jobs.add(tx, count, { what: 'flushed' }));
    const keys = await redis.keys(`{jarib-${new URL(db.config.appUrl).pathname.slice(1)}}*`);
    if (keys.length) await redis.del(...keys);
    await until(async () => (await statusOf(id)) === 'done', 30_000);
    expect(done).toEqual(['flushed']);
    redis.disconnect();
  });

  it('whose worker died is claimed again once the lease has run out, and not before', async () => {
    const row = {
      id: '01990000-0000-7000-8000-000000000001',
      queue: 'quick',
      name: 'test.count',
      key: null,
      payload: { what: 'orphan' },
      maxAttempts: 3,
    };
    // Far from the running sweeper's own time, so that only this test moves the row.
    const start = { ...ctx, now: new Date('2090-01-01T00:00:00Z') };
    const leaseUntil = new Date('2090-01-01T00:00:10Z');
    await db.database.write(start, async (tx) => {
      await repository.add(tx, row);
      expect(await repository.claim(tx, row.id, leaseUntil)).toMatchObject({ attempts: 1 });
      expect(await repository.claim(tx, row.id, leaseUntil)).toBeNull();
    });
    const later = { ...ctx, now: new Date('2090-01-01T00:00:11Z') };
    await db.database.write(later, async (tx) => {
      expect(await repository.claim(tx, row.id, new Date('2090-01-01T00:00:21Z'))).toMatchObject({
        attempts: 2,
      });
      // The first worker comes back to life: it has lost the job and may neither extend nor finish it.
      expect(await repository.extendLease(tx, row.id, 1, leaseUntil)).toBe(false);
      await repository.finish(tx, row.id, 1);
    });
    expect(await statusOf(row.id)).toBe('running');
    await db.owner.query("UPDATE jobs SET lease_until = '2026-04-15' WHERE id = $1", [row.id]);
    await until(async () => (await statusOf(row.id)) === 'done');
    expect(done).toEqual(['orphan']);
  });

  it('of another municipality cannot be claimed', async () => {
    const other = await createTestUlb(db, 2);
    const id = await db.database.write(ctx, (tx) => jobs.add(tx, count, { what: 'mine' }));
    const claim = await db.database.write(other, (tx) =>
      repository.claim(tx, id, new Date(other.now.getTime() + 1)),
    );
    expect(claim).toBeNull();
    await until(async () => (await statusOf(id)) === 'done');
  });
});

describe('progress', () => {
  it('wakes a watcher in another process', async () => {
    const [near, far] = [new Progress(db.config), new Progress(db.config)];
    const ended = new AbortController();
    let wakes = 0;
    const watching = (async () => {
      for await (const _ of near.watch(1, 'run', 60_000, ended.signal)) wakes += 1;
    })();
    await until(() => wakes === 1);
    await pause(100);
    await far.ring(1, 'run');
    await until(() => wakes === 2);
    await far.ring(2, 'run');
    await pause(200);
    expect(wakes).toBe(2);
    ended.abort();
    await watching;
    await near.onApplicationShutdown();
    await far.onApplicationShutdown();
  });
});
