import { readFileSync } from 'node:fs';
import type { INestApplicationContext } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AppModule } from '../../apps/api/src/app.module.js';
import { readMapping, type Mapping } from '../../apps/api/src/map/import/mapping.js';
import { readRollMapping, type RollMapping } from '../../apps/api/src/parcels/roll-import/roll-mapping.js';
import type { Context } from '../../apps/api/src/platform/database/tx.js';
import { testContext, type TestDatabase } from './database.js';

/** The whole application on a test's database, without a server: as the command line opens it. */
export async function openApplication(db: TestDatabase): Promise<INestApplicationContext> {
  return NestFactory.createApplicationContext(AppModule.with(db.config), {
    logger: false,
    abortOnError: false,
  });
}

/** A mapping of `geodata/mappings`. */
export function mappingOf(name: string): Mapping {
  return readMapping(readFileSync(`geodata/mappings/${name}.yaml`, 'utf8'));
}

export function rollMappingOf(name: string): RollMapping {
  return readRollMapping(readFileSync(`geodata/mappings/${name}.yaml`, 'utf8'));
}

/** A municipality in a UTM zone of its own choice. */
export async function createUlb(
  db: TestDatabase,
  ulbId: number,
  code: string,
  utmSrid: number,
): Promise<Context> {
  await db.owner.query(
    `INSERT INTO ulbs (ulb_id, code, name, utm_srid, created_at) VALUES ($1, $2, $2, $3, '2026-11-22')`,
    [ulbId, code, utmSrid],
  );
  return testContext(ulbId);
}
