import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { DataSource, type EntitySchema, type MigrationInterface } from 'typeorm';
import type { Config } from '../config.js';
import { limits } from '../limits.js';

type Entity = (new () => object) | EntitySchema;

/** Dates stay the text `YYYY-MM-DD`: a Date object would move them by the machine's time zone. */
const types = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    oid === pg.types.builtins.DATE && format !== 'binary'
      ? (text: string) => text
      : pg.types.getTypeParser(oid, format as 'text'),
};

/** The application's pool. Session settings are never relied on: PgBouncer may hand out another session each time. */
export function appDataSource(config: Config, entities: Entity[]): DataSource {
  return new DataSource({
    type: 'postgres',
    url: config.appUrl,
    entities,
    synchronize: false,
    poolSize: config.poolConnections ?? limits.poolConnections,
    extra: { types, application_name: 'jarib' },
  });
}

/** The owner's connection: migrations, roles, a new municipality. Never used to serve a request. */
export async function ownerDataSource(config: Config, entities: Entity[] = []): Promise<DataSource> {
  return new DataSource({
    type: 'postgres',
    url: config.ownerUrl,
    entities,
    migrations: await readMigrations(),
    migrationsTableName: 'migrations',
    // One transaction for all: a failed upgrade leaves the old version whole.
    migrationsTransactionMode: 'all',
    synchronize: false,
    poolSize: 2,
    extra: { types, application_name: 'jarib-owner' },
  });
}

/** Beside the sources in a test, beside the built files in the product: the same relative place in both. */
const migrationsFolder = fileURLToPath(new URL('../../../../../migrations/', import.meta.url));

async function readMigrations(): Promise<(new () => MigrationInterface)[]> {
  const files = readdirSync(migrationsFolder)
    .filter((file) => /^\d{13}-[a-z0-9-]+\.(ts|js)$/.test(file))
    .sort();
  const classes = [];
  for (const file of files) {
    const module: Record<string, unknown> = await import(new URL(file, `file://${migrationsFolder}`).href);
    classes.push(...Object.values(module).filter((value) => typeof value === 'function'));
  }
  return classes as (new () => MigrationInterface)[];
}
