import { spawn } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import pg from 'pg';
import { Problem } from '../../core/problem.js';
import type { Config } from '../config.js';
import { ensureAppRole, migrate } from './migrate.js';

/**
 * The whole database as one file: pg_dump's own compressed archive, which any PostgreSQL of the same or a later version
 * reads. Written beside its name and moved there when whole, so that a broken backup never looks like one.
 */
export async function backup(config: Config, file: string): Promise<{ bytes: number }> {
  const partial = `${file}.partial`;
  try {
    await run(
      program('pg_dump'),
      ['--format=custom', '--compress=6', '--no-owner', `--file=${partial}`],
      config,
    );
    renameSync(partial, file);
  } finally {
    rmSync(partial, { force: true });
  }
  return { bytes: statSync(file).size };
}

/**
 * Puts a backup into a database that holds no municipality, then brings it to this version. All or nothing: a broken
 * file leaves the database as it was. Refuses (Problem 409) where there is something to lose.
 */
export async function restore(config: Config, file: string): Promise<{ ulbs: number }> {
  if (!existsSync(file)) {
    throw new Problem(404, 'file-missing', `There is no file ${file}.`, [
      { where: 'FILE', value: file, message: 'not found' },
    ]);
  }
  // Reads the table of contents: a file that is no backup is refused before anything is touched.
  await run(program('pg_restore'), ['--list', file], config);
  await refuseWhereCitiesLive(config);
  await ensureAppRole(config);
  const script = program('pg_restore');
  await run(
    script,
    [
      '--no-owner',
      '--exit-on-error',
      '--single-transaction',
      '--clean',
      '--if-exists',
      `--dbname=${databaseOf(config)}`,
      file,
    ],
    config,
  );
  await migrate(config);
  return {
    ulbs: await withOwner(config, async (owner) => (await owner.query('SELECT 1 FROM ulbs')).rowCount ?? 0),
  };
}

async function refuseWhereCitiesLive(config: Config): Promise<void> {
  const cities = await withOwner(config, async (owner) => {
    const { rows } = await owner.query<{ there: boolean }>("SELECT to_regclass('ulbs') IS NOT NULL AS there");
    return rows[0]?.there ? (await owner.query<{ code: string }>('SELECT code FROM ulbs')).rows : [];
  });
  if (cities.length) {
    const codes = cities.map(({ code }) => code).join(', ');
    const advice = 'Restore into an empty database: set DATABASE_URL to a new one.';
    throw new Problem(
      409,
      'database-in-use',
      `This database holds ${codes}, which a restore would replace. ${advice}`,
    );
  }
}

async function withOwner<T>(config: Config, work: (owner: pg.Client) => Promise<T>): Promise<T> {
  const owner = new pg.Client({ connectionString: config.ownerUrl });
  await owner.connect();
  try {
    return await work(owner);
  } finally {
    await owner.end();
  }
}

/** The newest installed PostgreSQL's program: pg_dump must not be older than the server. */
function program(name: string): string {
  const versions = '/usr/lib/postgresql';
  const folders = existsSync(versions) ? readdirSync(versions).sort((a, b) => Number(b) - Number(a)) : [];
  const places = [process.env.JARIB_PG_BIN, ...folders.map((version) => `${versions}/${version}/bin`)];
  const found = places.find((place) => place && existsSync(`${place}/${name}`));
  return found ? `${found}/${name}` : name;
}

const databaseOf = (config: Config) => decodeURIComponent(new URL(config.ownerUrl).pathname.slice(1));

/** The password goes through the environment: arguments are seen by every user of the machine. */
function run(command: string, args: string[], config: Config): Promise<void> {
  const url = new URL(config.ownerUrl);
  const env = {
    ...process.env,
    PGHOST: url.hostname,
    PGPORT: url.port || '5432',
    PGUSER: decodeURIComponent(url.username),
    PGPASSWORD: decodeURIComponent(url.password),
    PGDATABASE: databaseOf(config),
  };
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint = (complaint + chunk.toString()).slice(-4_000)));
    child.on('error', (error) =>
      reject(new Problem(503, 'program-missing', `${command} cannot be run: ${error.message}`)),
    );
    child.on('close', (code) => {
      if (code === 0) resolve();
      else
        reject(
          new Problem(
            422,
            'archive-failed',
            `${command.split('/').pop()} ended with ${code}: ${complaint.trim()}`,
          ),
        );
    });
  });
}
