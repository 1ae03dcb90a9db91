import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import pg from 'pg';
import { DataSource } from 'typeorm';
import { readConfig, type Config } from '../../apps/api/src/platform/config.js';
import { appDataSource } from '../../apps/api/src/platform/database/data-source.js';
import { Database } from '../../apps/api/src/platform/database/database.js';
import { migrate } from '../../apps/api/src/platform/database/migrate.js';
import { permissions } from '../../apps/api/src/platform/auth/permissions.js';
import type { Actor, Context } from '../../apps/api/src/platform/database/tx.js';

/** A migrated database of its own, and the application's view of it. Call `drop()` when done. */
export interface TestDatabase {
  config: Config;
  database: Database;
  dataSource: DataSource;
  /** Runs as the owner, past every policy: for arranging and for independent sums. */
  owner: pg.Pool;
  drop(): Promise<void>;
}

function requireEnv(name: string): string {
  const value = process.env[name];
  if (!value)
    throw new Error(`${name} is not set: run the tests with npm test, which starts the services they need.`);
  return value;
}

function urlOf(database: string): string {
  const url = new URL(requireEnv('DATABASE_URL'));
  url.pathname = `/${database}`;
  return url.toString();
}

/** The template bears the digest of the migrations: it is made once for each state of them, and copied for each file. */
async function ensureTemplate(admin: pg.Client): Promise<string> {
  const digest = createHash('sha256');
  for (const file of readdirSync('migrations', { recursive: true, encoding: 'utf8' }).sort()) {
    if (file.endsWith('.ts')) digest.update(file).update(readFileSync(`migrations/${file}`));
  }
  const template = `jarib_template_${digest.digest('hex').slice(0, 16)}`;
  await admin.query("SELECT pg_advisory_lock(hashtext('jarib test template'))");
  try {
    const found = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [template]);
    if (!found.rowCount) {
      await admin.query(`DROP DATABASE IF EXISTS ${template}_new`);
      await admin.query(
        `CREATE DATABASE ${template}_new TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'`,
      );
      await migrate(readConfig({ ...process.env, DATABASE_URL: urlOf(`${template}_new`) }));
      await admin.query(`ALTER DATABASE ${template}_new RENAME TO ${template}`);
    }
    return template;
  } finally {
    await admin.query("SELECT pg_advisory_unlock(hashtext('jarib test template'))");
  }
}

export async function createTestDatabase(options: { poolConnections?: number } = {}): Promise<TestDatabase> {
  const admin = new pg.Client({ connectionString: requireEnv('DATABASE_URL') });
  await admin.connect();
  const name = `jarib_test_${randomUUID().replaceAll('-', '').slice(0, 16)}`;
  const template = await ensureTemplate(admin);
  // Two copies of one template at once refuse each other.
  await admin.query("SELECT pg_advisory_lock(hashtext('jarib test copy'))");
  await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  await admin.query("SELECT pg_advisory_unlock(hashtext('jarib test copy'))");
  const config = readConfig({
    ...process.env,
    DATABASE_URL: urlOf(name),
    JARIB_POOL: String(options.poolConnections ?? 6),
    LOG_LEVEL: 'silent',
  });
  const dataSource = await appDataSource(config, []).initialize();
  const owner = new pg.Pool({ connectionString: config.ownerUrl, max: 3 });
  // A restarted or dropped database ends idle connections; the next query says so, the process need not.
  owner.on('error', () => undefined);
  return {
    config,
    dataSource,
    database: new Database(dataSource),
    owner,
    async drop() {
      if (dataSource.isInitialized) await dataSource.destroy();
      await owner.end();
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
    },
  };
}

/** An actor who may do everything, in the municipality `ulbId`, at a fixed instant. */
export function testContext(ulbId: number, overrides: Partial<Actor> = {}): Context {
  const actor = {
    id: null,
    login: 'tester',
    permissions: new Set<string>(permissions),
    wardNumbers: null,
    ...overrides,
  };
  return { actor, ulbId, now: new Date('2026-04-15T06:30:00Z') };
}

/** A municipality of its own in UTM zone 43N. */
export async function createTestUlb(
  db: TestDatabase,
  ulbId: number,
  code = `ulb-${ulbId}`,
): Promise<Context> {
  await db.owner.query(
    `INSERT INTO ulbs (ulb_id, code, name, name_local, utm_srid, created_at)
     VALUES ($1, $2, $3, $4, 32643, '2026-04-01')`,
    [ulbId, code, `Town ${ulbId}`, `नगर ${ulbId}`],
  );
  return testContext(ulbId);
}
