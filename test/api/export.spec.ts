import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FeatureCollection } from 'geojson';
import { execFileSync } from 'node:child_process';
import {
  createWriteStream,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExportRepository } from '../../apps/api/src/map/export/export.repository.js';
import { type ExportFormat, ExportService } from '../../apps/api/src/map/export/export.service.js';
import { pour } from '../../apps/api/src/map/export/pour.js';
import { readZipDirectory } from '../../apps/api/src/map/import/zip-directory.js';
import { LayerRegistry } from '../../apps/api/src/map/layer-registry.js';
import type { Context } from '../../apps/api/src/platform/database/tx.js';
import { createTestDatabase, createTestUlb, type TestDatabase } from '../support/database.js';
import { changesetId, idOf, layers, secretLayer, seedChangeset, seedParcels } from '../support/map.js';

let db: TestDatabase;
let ctx: Context;
let service: ExportService;
let folder: string;

const awkward = 'प्रभाग "२", गल्ली\nnext; line \\ with ünïcode';

beforeAll(async () => {
  db = await createTestDatabase();
  ctx = await createTestUlb(db, 1, 'pune');
  await createTestUlb(db, 2, 'bhopal');
  for (const ulbId of [1, 2]) await seedChangeset(db, ulbId);
  await seedParcels(db, 1, 3_000);
  await db.owner.query(
    `UPDATE parcels SET locality = $1, ulpin = '00000000000012', recorded_area_m2 = 12.345 WHERE parcel_no = '7'`,
    [awkward],
  );
  await db.owner.query(
    `INSERT INTO streetlights (ulb_id, id, changeset_id, recorded_at, pole_no, led, lamp_count, installed_on, geom)
     SELECT ulb, md5(ulb || 'light' || i)::uuid, $1, '2026-04-01', 'P' || i, i % 2 = 0, 2, '2020-02-29',
       ST_SetSRID(ST_MakePoint(73.8 + i * 0.001, 18.5), 4326)
     FROM generate_series(1, 10) i, (VALUES (1), (2)) AS u (ulb)`,
    [changesetId],
  );
  service = new ExportService(
    db.database,
    new LayerRegistry([...layers, secretLayer]),
    new ExportRepository(),
  );
  folder = mkdtempSync(join(tmpdir(), 'jarib-export-test-'));
}, 120_000);

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await db.drop();
});

async function exported(layer: string, format: ExportFormat, options: { datetime?: string } = {}, as = ctx) {
  const path = join(folder, `${layer}.${format === 'shapefile' ? 'zip' : format}`);
  const result = await service.export(as, layer, format, path, options);
  expect(result.bytes).toBe(statSync(path).size);
  return { path, result };
}

/** What GDAL reads in the file, as GeoJSON with 15 decimals. */
function readBack(path: string): FeatureCollection {
  const source = path.endsWith('.zip') ? `/vsizip/${path}` : path;
  const args = ['-f', 'GeoJSON', '/vsistdout/', source, '-lco', 'COORDINATE_PRECISION=15'];
  return JSON.parse(execFileSync('ogr2ogr', args, { maxBuffer: 1e8 }).toString()) as FeatureCollection;
}

const named = (collection: FeatureCollection, column: string, value: unknown) =>
  collection.features.find(({ properties }) => properties?.[column] === value)!;

describe('an export', () => {
  it('to a GeoPackage keeps every feature, every type, every letter and every digit', async () => {
    const { path, result } = await exported('parcels', 'gpkg');
    expect(result.features).toBe(3_000);
    const found = readBack(path);
    expect(found.features).toHaveLength(3_000);
    const seventh = named(found, 'parcel_no', '7');
    expect(seventh.properties).toMatchObject({
      id: idOf('parcel', 7),
      locality: awkward,
      ulpin: '00000000000012',
      recorded_area_m2: 12.345,
      version: 1,
    });
    expect(named(found, 'parcel_no', '8').properties!['ulpin']).toBeNull();
    const { rows } = await db.owner.query(
      `SELECT ST_AsGeoJSON(geom, 15)::json AS geometry FROM parcels WHERE parcel_no = '7'`,
    );
    expect(seventh.geometry).toEqual(rows[0].geometry);
  });

  it('keeps whole numbers, dates and truth values as such', async () => {
    const { path } = await exported('streetlights', 'gpkg');
    const told = execFileSync('ogrinfo', ['-ro', '-so', path, 'streetlights']).toString();
    expect(told).toMatch(/led: Integer\(Boolean\)/);
    expect(told).toMatch(/installed_on: Date/);
    expect(told).toMatch(/lamp_count: Integer /);
    expect(named(readBack(path), 'pole_no', 'P4').properties).toMatchObject({
      led: true,
      lamp_count: 2,
      installed_on: '2020-02-29',
    });
  });

  it('to GeoJSON is one collection with nine decimals', async () => {
    const { path, result } = await exported('parcels', 'geojson');
    const found = JSON.parse(readFileSync(path, 'utf8')) as FeatureCollection;
    expect([found.type, found.features.length, result.features]).toEqual(['FeatureCollection', 3_000, 3_000]);
    expect(named(found, 'parcel_no', '7').properties).toMatchObject({ locality: awkward });
    const { path: empty, result: none } = await exported('roads', 'geojson');
    expect([JSON.parse(readFileSync(empty, 'utf8')).features, none.features]).toEqual([[], 0]);
  });

  it('to CSV has lon and lat of points, and the shape as text of all others', async () => {
    const { path } = await exported('streetlights', 'csv');
    const [head, first] = readFileSync(path, 'utf8').split('\n');
    expect(head).toMatch(/^id,version,pole_no,.*,led,.*,lon,lat$/);
    expect(first).toMatch(/,(true|false),.*,73\.8\d+,18\.5\d*$/);
    const { path: shapes } = await exported('parcels', 'csv');
    expect(readFileSync(shapes, 'utf8')).toMatch(/"MULTIPOLYGON\(\(\(73\.8014 18\.5,/);
  });

  it('to a shapefile is one archive with short unique names, its system and its character set', async () => {
    const { path } = await exported('parcels', 'shapefile');
    const handle = await open(path);
    const inside = (await readZipDirectory(handle, statSync(path).size)).map(({ name }) => name).sort();
    await handle.close();
    expect(inside).toEqual(['cpg', 'dbf', 'prj', 'shp', 'shx'].map((end) => `parcels.${end}`));
    const told = execFileSync('ogrinfo', ['-ro', '-so', `/vsizip/${path}`, 'parcels']).toString();
    expect(told).toContain('ID["EPSG",4326]');
    const found = readBack(path);
    expect(found.features).toHaveLength(3_000);
    const names = Object.keys(named(found, 'parcel_no', '7').properties!);
    expect(names.filter((name) => name.length > 10)).toEqual([]);
    expect(named(found, 'parcel_no', '7').properties).toMatchObject({
      locality: awkward,
      recorded_a: 12.345,
      ward_numbe: '0',
    });
  });

  it('holds only columns that the caller may read, and only his municipality', async () => {
    const few = new Set(['layers:read', 'layers:export']);
    const clerk = { ...ctx, actor: { ...ctx.actor, permissions: few } };
    const { path } = await exported('secret_parcels', 'csv', {}, clerk);
    const text = readFileSync(path, 'utf8');
    expect(text.split('\n')[0]).toBe('id,version,parcel_no,wkt');
    expect(text).not.toContain('owner ');
    expect((await exported('streetlights', 'geojson')).result.features).toBe(10);
  });

  it('is refused without permission and leaves nothing behind', async () => {
    const reader = { ...ctx, actor: { ...ctx.actor, permissions: new Set(['layers:read']) } };
    const path = join(folder, 'refused.gpkg');
    await expect(service.export(reader, 'parcels', 'gpkg', path)).rejects.toThrow(/layers:export/);
    await expect(service.export(ctx, 'canals', 'gpkg', path)).rejects.toThrow(/no layer "canals"/);
    expect(readdirSync(folder).filter((name) => /refused|^\.jarib/.test(name))).toEqual([]);
  });

  it('that fails half way keeps the file that was there and clears up', async () => {
    const path = join(folder, 'kept.gpkg');
    writeFileSync(path, 'what was there');
    await db.owner.query('REVOKE SELECT ON roads FROM jarib_app');
    await expect(service.export(ctx, 'roads', 'gpkg', path)).rejects.toThrow(/permission denied/);
    await db.owner.query('GRANT SELECT ON roads TO jarib_app');
    expect(readFileSync(path, 'utf8')).toBe('what was there');
    expect(readdirSync(folder).filter((name) => name.startsWith('.jarib'))).toEqual([]);
    expect((await service.export(ctx, 'roads', 'gpkg', path)).features).toBe(0);
  });

  it('gives its connection back where the file cannot be written', async () => {
    const full = '/dev/full';
    const writeInto = async (format: ExportFormat) => {
      const stream = service.export(ctx, 'parcels', format, join(folder, 'no', 'such', 'folder'));
      await expect(stream).rejects.toThrow(/ENOENT/);
    };
    await writeInto('csv');
    const rows = async () =>
      db.database.read(ctx, async (tx) => {
        const layer = new LayerRegistry(layers).get('parcels');
        const lines = await new ExportRepository().lines(tx, {
          layer,
          columns: layer.columns,
          datetime: null,
          most: 10_000,
        });
        await pour(lines, createWriteStream(full));
      });
    for (let turn = 0; turn < 8; turn += 1) await expect(rows()).rejects.toThrow(/ENOSPC/);
    expect((await exported('parcels', 'csv')).result.features).toBe(3_000);
  });

  it('of a day in the past holds what was recorded then', async () => {
    const edit = idOf('edit', 1);
    await db.owner.query(
      `INSERT INTO changesets (ulb_id, id, kind, status, comment, created_by_login, created_at, applied_at)
       VALUES (1, $1, 'edit', 'applied', 'demolished', 'ravi', '2026-05-01', '2026-05-01')`,
      [edit],
    );
    await db.owner.query(
      `WITH gone AS (DELETE FROM parcels WHERE ulb_id = 1 AND parcel_no = '11' RETURNING *)
       INSERT INTO parcels_history
       SELECT gone.*, $1::uuid, '2026-05-01T00:00:00Z' FROM gone`,
      [edit],
    );
    expect((await exported('parcels', 'csv')).result.features).toBe(2_999);
    expect((await exported('parcels', 'gpkg', { datetime: '2026-04-20' })).result.features).toBe(3_000);
    expect((await exported('parcels', 'csv', { datetime: '2026-03-01' })).result.features).toBe(0);
  });
});
