import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Redis } from 'ioredis';
import { Client } from 'pg';

/** What the launcher (plain JavaScript, since it must run before anything is installed) gives back. */
interface Services {
  databaseUrl: string;
  redisUrl: string;
  stop(): Promise<void>;
  restartPostgres(mode: 'fast' | 'immediate' | 'kill'): Promise<number>;
  lost(): object | undefined;
}
type StartServices = (options: { dataDir: string; durable: boolean }) => Promise<Services>;

const launcher = pathToFileURL(join(process.cwd(), 'apps/launch/services.mjs')).href;
const given = Object.fromEntries(
  ['DATABASE_URL', 'REDIS_URL'].flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
);
const places: string[] = [];
let startServices: StartServices;

beforeAll(async () => {
  // Inside a test run these name the run's own servers; here the launcher is to start others.
  delete process.env.DATABASE_URL;
  delete process.env.REDIS_URL;
  ({ startServices } = (await import(launcher)) as { startServices: StartServices });
});

afterAll(() => {
  Object.assign(process.env, given);
  for (const place of places) rmSync(place, { recursive: true, force: true });
});

describe('the private PostGIS and Redis of a checkout', () => {
  it('come up with PostGIS, keep what was written over a stop, and leave no process behind', async () => {
    const dataDir = newPlace();
    const first = await startServices({ dataDir, durable: false });
    await query(first, 'create extension postgis; create table note as select 7 as n');
    await withRedis(first, (redis) => redis.set('bell', 'rung'));
    await first.stop();
    expect(processesOf(dataDir)).toEqual([]);
    expect(first.lost()).toBeDefined();

    const second = await startServices({ dataDir, durable: false });
    expect(second.databaseUrl).toBe(first.databaseUrl);
    expect(await query(second, 'select n, postgis_version() as v from note')).toMatchObject([{ n: 7 }]);
    expect(await withRedis(second, (redis) => redis.get('bell'))).toBe('rung');
    await second.stop();
    expect(processesOf(dataDir)).toEqual([]);
  });

  it('are adopted by a second start instead of started again', async () => {
    const dataDir = newPlace();
    const first = await startServices({ dataDir, durable: false });
    const before = serversOf(dataDir);
    expect(before).toHaveLength(2);
    const second = await startServices({ dataDir, durable: false });
    expect(serversOf(dataDir)).toEqual(before);
    expect(second.databaseUrl).toBe(first.databaseUrl);
    expect(second.redisUrl).toBe(first.redisUrl);
    await second.stop();
    expect(processesOf(dataDir)).toEqual([]);
  });

  it('stand beside those of another checkout without sharing anything', async () => {
    const [here, there] = await Promise.all(
      [newPlace(), newPlace()].map((dataDir) => startServices({ dataDir, durable: false })),
    );
    await query(here!, 'create table only_here ()');
    const found = await query(there!, "select to_regclass('only_here') as found");
    expect(found).toEqual([{ found: null }]);
    await Promise.all([here!.stop(), there!.stop()]);
  });

  it('come back on the same address after the database was killed', async () => {
    const services = await startServices({ dataDir: newPlace(), durable: true });
    await query(services, 'create table note as select 7 as n');
    await services.restartPostgres('kill');
    expect(await query(services, 'select n from note')).toEqual([{ n: 7 }]);
    await services.stop();
  });

  it('are not started where DATABASE_URL and REDIS_URL name others', async () => {
    const dataDir = newPlace();
    process.env.DATABASE_URL = 'postgres://someone@db.example/town';
    process.env.REDIS_URL = 'redis://redis.example';
    const services = await startServices({ dataDir, durable: false });
    delete process.env.DATABASE_URL;
    delete process.env.REDIS_URL;
    expect(services.databaseUrl).toBe('postgres://someone@db.example/town');
    expect(services.redisUrl).toBe('redis://redis.example');
    expect(processesOf(dataDir)).toEqual([]);
    await services.stop();
  });
});

function newPlace(): string {
  const place = mkdtempSync(join(tmpdir(), 'jarib-launch-'));
  // The server user, who is not always the one that runs the tests, must be able to reach it.
  execFileSync('chmod', ['755', place]);
  places.push(place);
  return place;
}

async function query(services: Services, sql: string): Promise<object[]> {
  const client = new Client({ connectionString: services.databaseUrl });
  await client.connect();
  try {
    return (await client.query<object>(sql)).rows ?? [];
  } finally {
    await client.end();
  }
}

async function withRedis<T>(services: Services, work: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(services.redisUrl);
  try {
    return await work(redis);
  } finally {
    redis.disconnect();
  }
}

/** Of those, PostgreSQL's first process and Redis; PostgreSQL's other processes come and go. */
function serversOf(dataDir: string): string[] {
  return processesOf(dataDir).filter((place) => / -D |redis-server/.test(commandLine(place)));
}

function commandLine(place: string): string {
  return existsSync(place) ? readFileSync(join(place, 'cmdline'), 'utf8').replaceAll('\0', ' ') : '';
}

/** The places in /proc of the processes that work in this directory, by their current directory, which no title can hide. */
function processesOf(dataDir: string): string[] {
  const script = `for p in /proc/[0-9]*; do case "$(readlink $p/cwd)" in ${dataDir}/*) echo $p;; esac; done`;
  return execFileSync('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'ignore'] })
    .toString()
    .split('\n')
    .filter(Boolean)
    .sort();
}
