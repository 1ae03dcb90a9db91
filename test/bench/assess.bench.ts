import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { AssessmentService } from '../../apps/api/src/assessment/assessment.service.js';
import { PublicationService } from '../../apps/api/src/assessment/publication/publication.service.js';
import { permissions } from '../../apps/api/src/platform/auth/permissions.js';
import { now } from '../../apps/api/src/platform/clock.js';
import type { Context } from '../../apps/api/src/platform/database/tx.js';
import { limits } from '../../apps/api/src/platform/limits.js';
import { atLeast, atMost, type Bench, type Figure, plain, secondsOf } from './bench.js';
import { type City, openCity } from './city.js';

/** Indore's number after its survey of 2019. */
const properties = Number(process.env.JARIB_BENCH_PROPERTIES ?? 723_000);
const worker = fileURLToPath(new URL('../../apps/api/src/worker.js', import.meta.url));
const written = ['assessments', 'postings'] as const;

export const assessBench: Bench = {
  name: 'assess',
  how:
    `A whole assessment run, computed and then published by a second person, through the queue on a city of ${properties} properties, by one worker process. The floor is the ` +
    'bare INSERT ... SELECT of the very rows that the run wrote, into the same tables with the same indexes, in the same ' +
    'chunks, on one connection.',
  async run(log) {
    const city = await openCity(properties, log);
    try {
      return await measure(city, log);
    } finally {
      await city.close();
    }
  },
};

async function measure(city: City, log: (line: string) => void): Promise<Figure[]> {
  await empty(city);
  log('one job at a time');
  const one = await runWith(city, '1', log);
  await empty(city);
  log('two jobs at a time');
  const two = await runWith(city, '2', log);
  const rows = await keepWritten(city);
  log('floor');
  await empty(city);
  const floor = await secondsOf(() => insertAgain(city, ''));
  log('floor without indexes');
  const bare = await secondsOf(() => insertAgain(city, 'bare_'));
  await empty(city);
  return [
    atMost(`run, one job at a time (${rows} rows)`, [one, 's'], [floor, 's, floor with indexes'], 2),
    atMost('run, two jobs at a time', [two, 's'], [floor, 's, floor with indexes'], 2),
    atLeast('two jobs against one', [one / two, 'x as fast'], [1, ''], 1.3),
    plain('floor without any index', [bare, 's']),
    plain('rate of the run, two jobs', [properties / two, 'properties/s']),
  ];
}

async function runWith(city: City, jobs: string, log: (line: string) => void): Promise<number> {
  const env = {
    ...process.env,
    DATABASE_URL: city.config.ownerUrl,
    LOG_LEVEL: 'error',
    JARIB_BATCH_JOBS: jobs,
  };
  const process_ = spawn(process.execPath, [worker], { env, stdio: ['ignore', 'inherit', 'inherit'] });
  try {
    await pause(3_000); // starting the process is not part of the run
    return await secondsOf(() => wholeRun(city, log));
  } finally {
    await end(process_);
  }
}

async function wholeRun(city: City, log: (line: string) => void): Promise<void> {
  const actor = { id: null, login: 'bench', permissions: new Set<string>(permissions), wardNumbers: null };
  const ctx = (): Context => ({ actor, ulbId: city.ulbId, now: now() });
  const service = city.app.get(AssessmentService, { strict: false });
  const run = await service.start(ctx(), { fy: 2026 } as never);
  const until = async (wanted: string) => {
    for (;;) {
      const { status, error, ...counts } = await service.get(ctx(), run.id);
      if (status === wanted) return counts;
      if (error || status === 'failed') throw new Error(`The run ended as ${status}: ${error}`);
      await pause(50);
    }
  };
  const start = performance.now();
  const { exceptions, assessed, exempt, totalPaise } = await until('computed');
  if (assessed + exempt + exceptions !== properties)
    throw new Error('The run does not account for every property.');
  const computed = (performance.now() - start) / 1_000;
  const checker = { ...ctx(), actor: { ...actor, login: 'bench-checker' } };
  const typed = { assessments: assessed + exempt, totalPaise };
  await city.app.get(PublicationService, { strict: false }).publish(checker, run.id, typed);
  await until('published');
  log(
    `computed in ${computed.toFixed(2)} s, published in ${((performance.now() - start) / 1_000 - computed).toFixed(2)} s`,
  );
}

function end(child: ChildProcess): Promise<unknown> {
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  return ended;
}

/** As before the first run; what is append only opens to nobody but the owner of a bench. */
async function empty(city: City): Promise<void> {
  const client = await city.owner.connect();
  try {
    await client.query("SET session_replication_role = 'replica'");
    await client.query('DELETE FROM jobs');
    await client.query("DELETE FROM postings WHERE kind <> 'opening'");
    await client.query(
      'TRUNCATE assessments, assessment_exceptions, assessment_chunks, assessment_runs CASCADE',
    );
    await client.query("SET session_replication_role = 'origin'");
    await client.query('VACUUM postings, assessments');
    await client.query('CHECKPOINT');
  } finally {
    client.release();
  }
}

/** Puts the run's rows aside, in the order of the chunks. */
async function keepWritten(city: City): Promise<number> {
  let rows = 0;
  for (const table of written) {
    const fresh = table === 'postings' ? "WHERE kind <> 'opening'" : '';
    await city.owner.query(`DROP TABLE IF EXISTS kept_${table}, bare_${table}`);
    const kept = await city.owner.query(
      `CREATE UNLOGGED TABLE kept_${table} AS SELECT * FROM ${table} ${fresh} ORDER BY property_id`,
    );
    await city.owner.query(`CREATE INDEX ON kept_${table} (property_id)`);
    await city.owner.query(`CREATE TABLE bare_${table} AS SELECT * FROM ${table} WITH NO DATA`);
    rows += kept.rowCount ?? 0;
  }
  await city.owner.query('DROP TABLE IF EXISTS kept_chunks');
  await city.owner.query(
    `CREATE TABLE kept_chunks AS SELECT (n - 1) / ${limits.chunkProperties} AS no, min(id::text)::uuid AS first,
       max(id::text)::uuid AS last FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM properties) p GROUP BY 1`,
  );
  await city.owner.query('VACUUM ANALYZE');
  return rows;
}

async function insertAgain(city: City, prefix: string): Promise<void> {
  const chunks = (await city.owner.query('SELECT first, last FROM kept_chunks ORDER BY no')).rows;
  const client = await city.owner.connect();
  try {
    for (const { first, last } of chunks as { first: string; last: string }[]) {
      await client.query('BEGIN');
      for (const table of written) {
        await client.query(
          `INSERT INTO ${prefix}${table} SELECT * FROM kept_${table} WHERE property_id BETWEEN $1 AND $2`,
          [first, last],
        );
      }
      await client.query('COMMIT');
    }
  } finally {
    client.release();
  }
}
