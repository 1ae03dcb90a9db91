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
      await ensureAppRole(owner, config);
      const applied = await owner.runMigrations();
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
async function ensureAppRole(owner: DataSource, config: Config): Promise<void> {
  const found = await owner.query(
    "SELECT rolsuper OR rolbypassrls AS passes FROM pg_roles WHERE rolname = 'jarib_app'",
  );
  if (found[0]?.passes) {
    throw new Error('Role jarib_app may pass row-level security. Remove SUPERUSER and BYPASSRLS from it.');
  }
  const verb = found.length ? 'ALTER' : 'CREATE';
  const [{ statement }] = await owner.query(
    `SELECT format('${verb} ROLE jarib_app LOGIN PASSWORD %L', $1::text) AS statement`,
    [config.appPassword],
  );
  // Roles belong to the whole cluster: two databases migrating at once may both find it missing.
  await owner.query(statement).catch((error: Error) => {
    if (!/already exists|tuple concurrently updated/.test(error.message)) throw error;
  });
}
