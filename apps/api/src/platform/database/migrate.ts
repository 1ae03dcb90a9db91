import pg from 'pg';
import type { DataSource } from 'typeorm';
import type { Config } from '../config.js';
import { ownerDataSource } from './data-source.js';

/**
 * Brings the database to this version: the application's role with its password, then every migration that is missing,
 * in one transaction. Two processes that start together wait for each other. Returns the names of the applied ones.
 */
export async function migrate(config: Config): Promise<string[]> {
  const owner = await ownerDataSource(config);
  await owner.initialize();
  try {
    return await holdingTheLock(owner, async () => {
      await ensureAppRole(config);
      const applied = await owner.runMigrations();
      await markBoxOverlapLeakproof(owner);
      return applied.map((migration) => migration.name);
    });
  } finally {
    await owner.destroy();
  }
}

async function holdingTheLock<T>(owner: DataSource, work: () => Promise<T>): Promise<T> {
  const runner = owner.createQueryRunner();
  await runner.connect();
  try {
    await runner.query("SELECT pg_advisory_lock(hashtext('jarib migrate'))");
    return await work();
  } finally {
    await runner.query("SELECT pg_advisory_unlock(hashtext('jarib migrate'))");
    await runner.release();
  }
}

/**
 * The role that requests run as: it owns nothing, and no policy lets it pass. Its password is set on each start, so that
 * a changed owner's password carries over. A managed database may forbid that; then the role must be there already.
 */
export async function ensureAppRole(config: Config): Promise<void> {
  const owner = new pg.Client({ connectionString: config.ownerUrl });
  await owner.connect();
  try {
    const { rows } = await owner.query<{ passes: boolean }>(
      "SELECT rolsuper OR rolbypassrls AS passes FROM pg_roles WHERE rolname = 'jarib_app'",
    );
    if (rows[0]?.passes) {
      throw new Error('Role jarib_app may pass row-level security. Remove SUPERUSER and BYPASSRLS from it.');
    }
    await refuseWeakOwner(owner);
    const verb = rows.length ? 'ALTER' : 'CREATE';
    const made = await owner.query<{ statement: string }>(
      `SELECT format('${verb} ROLE jarib_app LOGIN PASSWORD %L', $1::text) AS statement`,
      [config.appPassword],
    );
    // Roles belong to the whole cluster: two databases migrating at once may both find it missing.
    await owner.query(made.rows[0]!.statement).catch((error: Error) => {
      if (!/already exists|tuple concurrently updated|duplicate key/.test(error.message)) throw error;
    });
  } finally {
    await owner.end();
  }
}

/**
 * Forced row-level security binds a table's owner as well: the sweeper's one look across municipalities and every backup
 * would see nothing. Better no start than one that quietly does no work.
 */
async function refuseWeakOwner(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query<{ strong: boolean; name: string }>(
    'SELECT rolsuper OR rolbypassrls AS strong, rolname AS name FROM pg_roles WHERE rolname = current_user',
  );
  if (rows[0]?.strong) return;
  const name = rows[0]?.name ?? 'the owner';
  throw new Error(`Role ${name} of DATABASE_URL must pass row-level security: ALTER ROLE ${name} BYPASSRLS.`);
}

/** Neither a dump nor an update of PostGIS keeps the flag, so it is set at every start. Without it the
 * planner may not use a spatial index under row-level security. */
async function markBoxOverlapLeakproof(owner: DataSource): Promise<void> {
  const [{ leakproof, superuser }] = await owner.query(
    `SELECT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser,
       proleakproof AS leakproof FROM pg_proc WHERE oid = 'geometry_overlaps(geometry, geometry)'::regprocedure`,
  );
  if (!leakproof && superuser)
    await owner.query('ALTER FUNCTION geometry_overlaps(geometry, geometry) LEAKPROOF');
}
