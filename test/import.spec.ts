import { execFileSync } from 'node:child_process';
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
const wards = readMapping('{ layer: wards, key: no, keyPrefix: w/, columns: { number: { from: no } } }');

const bring = (file: string, more: Partial<ImportRequest> = {}) =>
  app.get(ImportService, { strict: false }).run(ctx, { layer: 'parcels', file, mapping: parcels, ...more });
const plot = (id: string, west: number, more: object = {}): [object, object] => [
  { id, no: id, use: 'R', area: 100, place: null, ...more },
  square(west, 18.5),
];
const rows = async (sql: string) => (await db.owner.query<Record<string, unknown>>(sql, [ctx.ulbId])).rows;

describe('an import of a layer', () => {
  it('fills columns by the mapping: codes, exact units, defaults', async () => {
    await bring(files.geojson('plain.geojson', [plot('a', 73.8)]));
    expect(
      await rows(
        'SELECT parcel_no, land_use, recorded_area_m2, locality, version FROM parcels WHERE ulb_id = $1',
      ),
    ).toEqual([
      {
        parcel_no: 'a',
        land_use: 'residential',
        recorded_area_m2: '9.290',
        locality: 'Old town',
        version: 1,
      },
    ]);
  });

  it('writes nothing when the same file comes twice', async () => {
    const file = files.geojson('twice.geojson', [plot('a', 73.8), plot('b', 73.81)]);
    expect(await bring(file)).toMatchObject({ result: 'applied', counts: { created: 2 } });
    const again = await bring(file);
    expect(again).toMatchObject({
      result: 'unchanged',
      changesetId: null,
      counts: { unchanged: 2, changed: 0 },
    });
    expect(await rows('SELECT count(*)::int AS n FROM changesets WHERE ulb_id = $1')).toEqual([{ n: 1 }]);
  });

  it('keeps the old version of what changed, and leaves the rest alone', async () => {
    await bring(files.geojson('old.geojson', [plot('a', 73.8), plot('b', 73.81)]));
    const report = await bring(
      files.geojson('new.geojson', [plot('a', 73.8, { use: 'C' }), plot('b', 73.81)]),
    );
    expect(report.counts).toMatchObject({ created: 0, changed: 1, unchanged: 1 });
    expect(
      await rows('SELECT source_key, version, land_use FROM parcels WHERE ulb_id = $1 ORDER BY source_key'),
    ).toEqual([
      { source_key: 'a', version: 2, land_use: 'commercial' },
      { source_key: 'b', version: 1, land_use: 'residential' },
    ]);
    expect(
      await rows(
        `SELECT h.version, h.land_use, h.ended_changeset_id = p.changeset_id AS by FROM parcels_history h
         JOIN parcels p USING (ulb_id, id) WHERE h.ulb_id = $1`,
      ),
    ).toEqual([{ version: 1, land_use: 'residential', by: true }]);
  });

  it('retires what a complete source no longer has, and nothing of other sources', async () => {
    const complete = { ...parcels, complete: true, keyPrefix: 'x/' };
    await bring(files.geojson('other.geojson', [plot('z', 73.9)]));
    await bring(files.geojson('full.geojson', [plot('a', 73.8), plot('b', 73.81)]), { mapping: complete });
    const report = await bring(files.geojson('less.geojson', [plot('a', 73.8)]), { mapping: complete });
    expect(report.counts).toMatchObject({ retired: 1, unchanged: 1 });
    expect(await rows('SELECT source_key FROM parcels WHERE ulb_id = $1 ORDER BY 1')).toEqual([
      { source_key: 'x/a' },
      { source_key: 'z' },
    ]);
    expect(await rows('SELECT source_key FROM parcels_history WHERE ulb_id = $1')).toEqual([
      { source_key: 'x/b' },
    ]);
  });

  it('does everything in a dry run, tells the same, and leaves only the report', async () => {
    const file = files.geojson('dry.geojson', [
      plot('a', 73.8),
      plot('b', 73.8),
      plot('c', 73.82, { use: '?' }),
    ]);
    const dry = await bring(file, { dryRun: true });
    expect(await rows('SELECT id FROM parcels WHERE ulb_id = $1')).toEqual([]);
    expect(await rows('SELECT id FROM map_issues WHERE ulb_id = $1')).toEqual([]);
    expect(await rows('SELECT dry_run, status FROM imports WHERE ulb_id = $1')).toEqual([
      { dry_run: true, status: 'done' },
    ]);
    const real = await bring(file);
    const told = ({ counts, rules, issues, lines }: typeof real) => ({ counts, rules, issues, lines });
    expect(told(dry)).toEqual(told(real));
    expect(real.issues).toMatchObject({ overlap: 1 });
  });

  it('takes the good rows, or none at all when the whole file is asked for', async () => {
    const file = files.geojson('mixed.geojson', [plot('a', 73.8), plot('b', 73.81, { area: 'ten' })]);
    expect(await bring(file, { wholeFile: true })).toMatchObject({
      result: 'refused',
      counts: { rejected: 1 },
    });
    expect(await rows('SELECT id FROM parcels WHERE ulb_id = $1')).toEqual([]);
    const report = await bring(file);
    expect(report.counts).toMatchObject({ created: 1, rejected: 1 });
    expect(report.lines).toEqual([
      expect.objectContaining({
        row: 2,
        outcome: 'rejected',
        rule: 'not-a-number',
        column: 'recorded_area_m2',
        value: 'ten',
      }),
    ]);
    expect(
      await rows('SELECT row_no, rule, value FROM import_report_rows WHERE ulb_id = $1 ORDER BY import_id'),
    ).toEqual([
      { row_no: 2, rule: 'not-a-number', value: 'ten' },
      { row_no: 2, rule: 'not-a-number', value: 'ten' },
    ]);
  });

  it('names an unknown code and leaves it empty; a mark for "none" is no number', async () => {
    const file = files.geojson('codes.geojson', [
      plot('a', 73.8, { use: '`' }),
      plot('b', 73.81, { no: '---' }),
    ]);
    const report = await bring(file);
    expect(report.lines.map(({ row, outcome, rule, value }) => [row, outcome, rule, value])).toEqual([
      [1, 'warned', 'unknown-code', '`'],
      [2, 'warned', 'non-key', '---'],
    ]);
    expect(
      await rows('SELECT parcel_no, land_use FROM parcels WHERE ulb_id = $1 ORDER BY source_key'),
    ).toEqual([
      { parcel_no: 'a', land_use: null },
      { parcel_no: null, land_use: 'residential' },
    ]);
  });

  it('lets a key in once, and a second row of it is told which came first', async () => {
    const report = await bring(
      files.geojson('keys.geojson', [plot('a', 73.8), plot('a', 73.81), plot('', 73.82)]),
    );
    expect(report.counts).toMatchObject({ created: 1, rejected: 2 });
    expect(report.lines.map(({ row, rule, value }) => [row, rule, value])).toEqual([
      [2, 'duplicate-key', 'a'],
      [3, 'key-missing', null],
    ]);
  });

  it('mends a bow tie, telling both areas, and rejects what would change too much', async () => {
    const ring = (points: number[][]) => ({ type: 'Polygon', coordinates: [points] });
    const tail = ring([
      [73.8, 18.5],
      [73.801, 18.5],
      [73.801, 18.501],
      [73.8, 18.501],
      [73.8, 18.5],
      [73.7999, 18.4999],
      [73.8, 18.5],
    ]);
    const bow = ring([
      [73.81, 18.5],
      [73.811, 18.501],
      [73.811, 18.5],
      [73.81, 18.501],
      [73.81, 18.5],
    ]);
    const report = await bring(
      files.geojson('bow.geojson', [
        [plot('tail', 0)[0], tail],
        [plot('bow', 0)[0], bow],
      ]),
    );
    expect(report.lines.map(({ row, outcome, rule }) => [row, outcome, rule])).toEqual([
      [1, 'repaired', 'geometry-invalid'],
      [2, 'rejected', 'repair-changes-area'],
    ]);
    expect(report.lines[0]?.message).toMatch(/made valid; area [\d.]+ m2 became [\d.]+ m2/);
  });

  it('gives each feature the ward it stands in, and tells who stands in none', async () => {
    const file = files.geojson('wards.geojson', [[{ no: '7' }, square(73.8, 18.49, 0.02)]]);
    await bring(file, { layer: 'wards', mapping: wards, effective: { from: '2020-04-01', to: null } });
    const report = await bring(files.geojson('in.geojson', [plot('in', 73.805), plot('out', 73.9)]));
    expect(report.issues).toMatchObject({ 'outside-ward': 1 });
    expect(await rows('SELECT source_key, ward_number FROM parcels WHERE ulb_id = $1 ORDER BY 1')).toEqual([
      { source_key: 'in', ward_number: '7' },
      { source_key: 'out', ward_number: null },
    ]);
  });

  it('refuses a second ward of one number on one day, and takes it for other days', async () => {
    const effective = { from: '2020-04-01', to: null };
    const request = { layer: 'wards', mapping: wards, effective };
    await bring(files.geojson('w1.geojson', [[{ no: '1' }, square(73.8, 18.5)]]), request);
    const other = { ...wards, keyPrefix: 'v/' };
    const file = files.geojson('w2.geojson', [[{ no: '1' }, square(73.9, 18.5)]]);
    const clash = await bring(file, { ...request, mapping: other });
    expect(clash.lines).toEqual([expect.objectContaining({ rule: 'duplicate-number', outcome: 'rejected' })]);
    const before = await bring(file, {
      ...request,
      mapping: other,
      effective: { from: '2010-04-01', to: '2020-04-01' },
    });
    expect(before.counts.created).toBe(1);
  });

  it.each([
    ['GPKG', 'a.gpkg'],
    ['FlatGeobuf', 'a.fgb'],
    ['GeoJSONSeq', 'a.ndjson'],
    ['ESRI Shapefile', 'a.shp.zip'],
    ['KML', 'a.kml'],
  ])('reads %s as it reads GeoJSON', async (driver, name) => {
    const source = files.geojson('source.geojson', [plot('a', 73.8), plot('b', 73.81)]);
    execFileSync('ogr2ogr', ['-f', driver, `${files.folder}/${town}-${name}`, source, '-nln', 'plots'], {
      stdio: 'ignore',
    });
    const mapping = readMapping('{ layer: parcels, key: id, columns: { parcel_no: { from: no } } }');
    const report = await bring(`${files.folder}/${town}-${name}`, { mapping });
    expect(report.counts).toMatchObject({ read: 2, created: 2, rejected: 0 });
    const same = await rows(
      `SELECT source_key, round(ST_X(ST_PointN(ST_ExteriorRing(ST_GeometryN(geom, 1)), 1))::numeric,
        9)::text AS x,
         area_m2 > 10000 AS large FROM parcels WHERE ulb_id = $1 ORDER BY 1`,
    );
    expect(same.map((row) => [row['source_key'], row['large']])).toEqual([
      ['a', true],
      ['b', true],
    ]);
  });

  it('reads a CSV with longitude and latitude, and a file in metres of UTM', async () => {
    const lamps = readMapping(
      '{ layer: poles, key: no, x: lon, y: lat, columns: { pole_no: { from: no } } }',
    );
    const csv = files.write('poles.csv', 'no,lon,lat\nP1,73.8567,18.5204\nP2,73.8568,18.5205\n');
    await bring(csv, { layer: 'poles', mapping: lamps });
    const [first] = await rows(
      `SELECT ST_X(geom) AS lon, ST_X(ST_Transform(geom, 32643)) AS x,
         ST_Y(ST_Transform(geom, 32643)) AS y
       FROM poles WHERE ulb_id = $1 AND pole_no = 'P1'`,
    );
    expect(first?.['lon']).toBe(73.8567);
    const metres = files.geojson('utm.geojson', [
      [{ no: 'P1' }, { type: 'Point', coordinates: [first?.['x'], first?.['y']] }],
    ]);
    const utm = readMapping('{ layer: poles, key: no, keyPrefix: utm/, columns: { pole_no: { from: no } } }');
    const report = await bring(metres, { layer: 'poles', mapping: utm, srs: 'EPSG:32643' });
    expect(report.counts.created).toBe(1);
    const [apart] = await rows(
      `SELECT max(ST_Distance(a.geom::geography, b.geom::geography)) < 0.001 AS same
       FROM poles a JOIN poles b USING (ulb_id, pole_no) WHERE a.ulb_id = $1 AND pole_no = 'P1'`,
    );
    expect(apart).toEqual({ same: true });
  });

  it('keeps no file of another municipality in sight', async () => {
    await bring(files.geojson('mine.geojson', [plot('a', 73.8)]));
    const other = await createTestUlb(db, (town += 1));
    const report = await app.get(ImportService, { strict: false }).run(other, {
      layer: 'parcels',
      file: files.geojson('mine.geojson', [plot('a', 73.8)]),
      mapping: parcels,
    });
    expect(report).toMatchObject({ counts: { created: 1, unchanged: 0 }, issues: { overlap: 0 } });
  });
});

describe('an import of roads', () => {
  const roads = readMapping('{ layer: roads, key: no, columns: { road_no: { from: no } } }');
  const line = (no: string, points: number[][]): [object, object] => [
    { no },
    { type: 'LineString', coordinates: points },
  ];

  it('finds ends that meet nothing and lines that lie on one another', async () => {
    const file = files.geojson('roads.geojson', [
      line('1', [
        [73.8, 18.5],
        [73.81, 18.5],
      ]),
      line('2', [
        [73.81, 18.5],
        [73.81, 18.51],
        [73.8, 18.51],
        [73.8, 18.5],
      ]),
      line('3', [
        [73.805, 18.50003],
        [73.805, 18.509],
      ]),
      line('4', [
        [73.81, 18.5],
        [73.8, 18.5],
      ]),
      [
        { no: '5' },
        {
          type: 'MultiLineString',
          coordinates: [
            [
              [73.82, 18.5],
              [73.81, 18.5],
            ],
            [
              [73.83, 18.5],
              [73.82, 18.5],
            ],
          ],
        },
      ],
    ]);
    const report = await bring(file, { layer: 'roads', mapping: roads });
    expect(report.counts).toMatchObject({ created: 5, repaired: 1 });
    const issues = await rows(
      `SELECT i.rule, r.road_no AS no FROM map_issues i JOIN roads r ON r.ulb_id = i.ulb_id
        AND r.id = i.feature_id
       WHERE i.ulb_id = $1 ORDER BY 1, 2`,
    );
    expect(issues.filter(({ rule }) => rule === 'dangle')).toEqual([
      { rule: 'dangle', no: '3' },
      { rule: 'dangle', no: '5' },
    ]);
    expect(issues.filter(({ rule }) => rule === 'duplicate')).toHaveLength(1);
  });
});
