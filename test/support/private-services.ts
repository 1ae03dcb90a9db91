import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A PostGIS and a Redis of a test's own, which it may restart and flush. */
export interface PrivateServices {
  databaseUrl: string;
  redisUrl: string;
  restartPostgres(mode: 'fast' | 'immediate' | 'kill'): Promise<number>;
  stop(): Promise<void>;
}

/** Starts them below `dataDir`. What the environment names belongs to the test run, and is left alone. */
export async function startPrivateServices(dataDir: string): Promise<PrivateServices> {
  const launcher = pathToFileURL(join(process.cwd(), 'apps/launch/services.mjs')).href;
  const { startServices } = (await import(launcher)) as {
    startServices(options: { dataDir: string; durable: boolean }): Promise<PrivateServices>;
  };
  const { DATABASE_URL, REDIS_URL } = process.env;
  delete process.env.DATABASE_URL;
  delete process.env.REDIS_URL;
  try {
    return await startServices({ dataDir, durable: false });
  } finally {
    Object.assign(process.env, { DATABASE_URL, REDIS_URL });
  }
}
