import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { ImportService, type ImportRequest } from '../apps/api/src/map/import/import.service.js';
import { readMapping } from '../apps/api/src/map/import/mapping.js';
import type { Context } from '../apps/api/src/platform/database/tx.js';
import { createTestDatabase, createTestUlb, type TestDatabase } from './support/database.js';
import { square, TestFiles } from './support/files.js';
import { openApplication } from './support/import.js';

let db: TestDatabase;
let app: INestApplicationContext;
let ctx: Context;
let town = 0;
const files = new TestFiles();

beforeAll(async () => {
  db = await createTestDatabase();
  app = await openApplication(db);
});
beforeEach(async () => {
  ctx = await createTestUlb(db, (town += 1));
});
afterAll(async () => {
  await app?.close();
  await db?.drop();
  files.remove();
});

const parcels = readMapping(`
layer: parcels
key: id
columns:
  parcel_no: { from: no, nonKeys: ['---', '--*'] }
  land_use: { from: use, codes: { R: residential, C: commercial } }
  recorded_area_m2: { from: area, unit: ft2 }
  locality: { from: place, default: Old town }
`);

const bring = (file: string, more: Partial<ImportRequest> = {}) =>
  app.get(ImportService, { strict: false }).run(ctx, { layer: 'parcels', file, mapping: parcels, ...more });
const plot = (id: string, west: number, more: object = {}): [object, object] => [
  { id, no: id, use: 'R', area: 100, place: null, ...more },
  square(west, 18.5),
];
const rows = async (sql: string) => (await db.owner.query<Record<string, unknown>>(sql, [ctx.ulbId])).rows;

describe('a plain GeoJSON file', () => {
  it('is read just as GDAL reads it', async () => {
    const odd = { id: 'e', no: 'सागर "1"\\2\n3', use: 'C', area: 12.5, place: '  ' };
    const file = files.geojson('both.geojson', [
      plot('a', 73.8),
      plot('b', 73.81, { area: 0.1, place: 'Nai Basti' }),
      plot('c', 73.82, { area: -3, use: 'X' }),
      [
        { ...odd, no: 17 },
        { type: 'MultiPolygon', coordinates: [square(73.83, 18.5).coordinates] },
      ],
      [odd, { type: 'Polygon', coordinates: [[]] }],
      [{ ...odd, id: 'f' }, null],
      [{ ...odd, id: 'g' }, square(73.84, 18.5)],
    ]);
    const state = () =>
      rows(`SELECT source_key, parcel_no, land_use, recorded_area_m2, locality, ST_AsEWKB(geom) AS geom
        FROM parcels WHERE ulb_id = $1 ORDER BY 1`);
    const own = await bring(file);
    const ownState = await state();
    ctx = await createTestUlb(db, (town += 1));
    // Whoever names the reference system is served by GDAL.
    const general = await bring(file, { srs: 'EPSG:4326' });
    expect(ownState).toEqual(await state());
    expect(own.lines).toEqual(general.lines);
    expect(own.counts).toEqual(general.counts);
    expect(own.counts).toMatchObject({ read: 7, created: 4, rejected: 3 });
  });

  it("is GDAL's to read where it is not plain after all, also where that shows only at the end", async () => {
    const many = Array.from({ length: 6_000 }, (_, n) => plot(`p${n}`, 73.8 + n * 0.0005));
    const file = files.geojson('late.geojson', [...many, plot('late', 73.79, { extra: 1 })]);
    const mapping = readMapping(
      '{ layer: parcels, key: id, columns: { locality: { from: extra, optional: true } } }',
    );
    const report = await bring(file, { mapping });
    expect(report.counts).toMatchObject({ read: 6_001, created: 6_001 });
    expect(await rows("SELECT source_key FROM parcels WHERE ulb_id = $1 AND locality = '1'")).toEqual([
      { source_key: 'late' },
    ]);
  });
});
