import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type pg from 'pg';
import type { DataSource } from 'typeorm';
import { entities } from '../apps/api/src/entities.js';
import { ownerDataSource } from '../apps/api/src/platform/database/data-source.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';

/**
 * The entities and the migrations tell one story, checked from both sides: TypeORM finds nothing to change in the
 * migrated database, and a database that it builds from the entities alone has the same columns, keys, checks and indexes.
 */
let migrated: TestDatabase;
let rebuilt: TestDatabase;
let source: DataSource;

beforeAll(async () => {
  [migrated, rebuilt] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  source = await (await ownerDataSource(migrated.config, entities)).initialize();
});

afterAll(async () => {
  if (source?.isInitialized) await source.destroy();
  await migrated?.drop();
  await rebuilt?.drop();
});

const wanted = async () =>
  (await source.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query);

/** What TypeORM cannot say, so that the entity leaves it out: index -> its definition in the migrations. */
const beyondTypeOrm: Record<string, RegExp> = {
  map_issues_open: /UNIQUE .* NULLS NOT DISTINCT WHERE \(status = 'open'::text\)$/,
};

const columnsSql = `
  SELECT c.relname || '.' || a.attname AS key, concat_ws(' ', format_type(a.atttypid, a.atttypmod),
    'COLLATE ' || nullif(co.collname, 'default'), CASE WHEN a.attnotnull THEN 'NOT NULL' END,
    CASE a.attgenerated WHEN 's' THEN 'GENERATED' ELSE 'DEFAULT' END || ' '
      || regexp_replace(pg_get_expr(d.adbin, d.adrelid), '^''(-?\\d+)''::\\w+$', '\\1')) AS definition
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
  LEFT JOIN pg_attrdef d ON (d.adrelid, d.adnum) = (a.attrelid, a.attnum)
  LEFT JOIN pg_collation co ON co.oid = a.attcollation
  WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped`;
const constraintsSql = `
  SELECT conrelid::regclass || '.' || CASE contype WHEN 'p' THEN 'primary key' ELSE conname END AS key,
    pg_get_constraintdef(oid) AS definition
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 0`;
const indexesSql = `
  SELECT i.relname AS key, pg_get_indexdef(i.oid) AS definition
  FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid
  WHERE i.relnamespace = 'public'::regnamespace AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.oid)`;

/** Definitions by name, without the tables that are TypeORM's and PostGIS's own. */
async function shape(pool: pg.Pool, sql: string): Promise<Record<string, string>> {
  const { rows } = await pool.query<{ key: string; definition: string }>(`${sql} ORDER BY 1`);
  const ours = rows.filter(({ key }) => !/^"?(migrations|typeorm_metadata|spatial_ref_sys)\b/.test(key));
  return Object.fromEntries(ours.map(({ key, definition }) => [key, definition]));
}

describe('TypeORM', () => {
  it('knows every table of the migrations', async () => {
    const { rows } = await migrated.owner.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
       AND relname NOT IN ('migrations', 'spatial_ref_sys') ORDER BY 1`,
    );
    expect(source.entityMetadatas.map(({ tableName }) => tableName).sort()).toEqual(
      rows.map(({ name }) => name),
    );
  });

  it('finds nothing to change in a migrated database', async () => {
    expect(await wanted()).toEqual([]);
  });

  it('finds a column that no entity has, one of another type, and one that is computed otherwise', async () => {
    await migrated.owner.query('ALTER TABLE owners ADD COLUMN aadhaar text');
    expect(await wanted()).toEqual([expect.stringContaining('DROP COLUMN "aadhaar"')]);
    await migrated.owner.query('ALTER TABLE owners DROP COLUMN aadhaar, ALTER COLUMN class TYPE varchar(9)');
    expect(await wanted()).toEqual(expect.arrayContaining([expect.stringMatching(/"owners".*"class" text/)]));
    await migrated.owner.query('ALTER TABLE owners ALTER COLUMN class TYPE text');
    await migrated.owner.query(`ALTER TABLE roads DROP COLUMN length_m,
      ADD COLUMN length_m numeric(14,3) GENERATED ALWAYS AS (round(ST_Length(geom)::numeric, 3)) STORED`);
    expect((await wanted()).join('\n')).toContain('"length_m"');
    await migrated.owner.query(`ALTER TABLE roads DROP COLUMN length_m,
      ADD COLUMN length_m numeric(14,3) GENERATED ALWAYS AS (round(ST_Length(geom::geography)::numeric, 3)) STORED`);
    expect(await wanted()).toEqual([]);
  });
});

describe('a database built from the entities alone', () => {
  beforeAll(async () => {
    const { rows } = await rebuilt.owner.query<{ tables: string }>(
      `SELECT string_agg(quote_ident(relname), ', ') AS tables FROM pg_class
       WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname NOT IN ('migrations', 'spatial_ref_sys')`,
    );
    await rebuilt.owner.query(`DROP VIEW typeorm_metadata; DROP TABLE ${rows[0]!.tables}`);
    const builder = await (await ownerDataSource(rebuilt.config, entities)).initialize();
    try {
      await builder.synchronize();
    } finally {
      await builder.destroy();
    }
  });

  it('has the columns of the migrations, with their types, collations, defaults and expressions', async () => {
    expect(await shape(rebuilt.owner, columnsSql)).toEqual(await shape(migrated.owner, columnsSql));
  });

  it('has their primary, foreign and unique keys, checks and exclusions', async () => {
    expect(await shape(rebuilt.owner, constraintsSql)).toEqual(await shape(migrated.owner, constraintsSql));
  });

  it('has their indexes, but for what TypeORM cannot express', async () => {
    const theirs = await shape(migrated.owner, indexesSql);
    for (const [name, definition] of Object.entries(beyondTypeOrm)) {
      expect(theirs[name]).toMatch(definition);
      delete theirs[name];
    }
    expect(await shape(rebuilt.owner, indexesSql)).toEqual(theirs);
  });
});
