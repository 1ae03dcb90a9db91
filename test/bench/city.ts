import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import pg from 'pg';
import { AppModule } from '../../apps/api/src/app.module.js';
import { loadDemo } from '../../apps/api/src/demo/demo.js';
import { type Config, readConfig } from '../../apps/api/src/platform/config.js';
import { migrate } from '../../apps/api/src/platform/database/migrate.js';

/** A generated city in a database of its own, kept between runs of the bench: loading it is not what is measured. */
export interface City {
  ulbId: number;
  code: string;
  config: Config;
  owner: pg.Pool;
  app: INestApplicationContext;
  close(): Promise<void>;
}

/** Opens the city of `properties` properties; makes it where it is not there yet. */
export async function openCity(properties: number, log: (line: string) => void): Promise<City> {
  const name = `jarib_bench_${properties}`;
  const config = readConfig({
    LOG_LEVEL: 'silent',
    ...process.env,
    DATABASE_URL: await ensureDatabase(name),
  });
  await migrate(config);
  const app = await NestFactory.createApplicationContext(AppModule.with(config), {
    logger: false,
    abortOnError: false,
  });
  await app.init();
  const owner = new pg.Pool({ connectionString: config.ownerUrl, max: 4 });
  const { rows } = await owner.query<{ loaded: boolean }>('SELECT EXISTS (SELECT FROM properties) AS loaded');
  if (!rows[0]?.loaded) {
    log(`making a city of ${properties} properties`);
    await loadDemo(app, { properties });
    await owner.query('VACUUM ANALYZE');
  }
  const [ulb] = (await owner.query<{ ulb_id: number; code: string }>('SELECT ulb_id, code FROM ulbs LIMIT 1'))
    .rows;
  if (!ulb) throw new Error('The city has no municipality.');
  const close = async () => {
    await owner.end();
    await app.close();
  };
  return { ulbId: ulb.ulb_id, code: ulb.code, config, owner, app, close };
}

async function ensureDatabase(name: string): Promise<string> {
  const url = new URL(process.env.DATABASE_URL ?? '');
  const admin = new pg.Client({ connectionString: url.toString() });
  await admin.connect();
  const { rowCount } = await admin.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
  if (!rowCount) await admin.query(`CREATE DATABASE ${name}`);
  await admin.end();
  url.pathname = `/${name}`;
  return url.toString();
}
