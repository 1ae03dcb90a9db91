import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { Problem } from '../apps/api/src/core/problem.js';
import { ImportService, type ImportRequest } from '../apps/api/src/map/import/import.service.js';
import { readMapping } from '../apps/api/src/map/import/mapping.js';
import type { Context } from '../apps/api/src/platform/database/tx.js';
import { createTestDatabase, createTestUlb, type TestDatabase } from './support/database.js';
import { square, TestFiles } from './support/files.js';
import { openApplication } from './support/import.js';

let db: TestDatabase;
let app: INestApplicationContext;
let ctx: Context;
const files = new TestFiles();
const megabyte = 1_048_576;

beforeAll(async () => {
  db = await createTestDatabase();
  app = await openApplication(db);
  ctx = await createTestUlb(db, 1);
});
afterAll(async () => {
  await app?.close();
  await db?.drop();
  files.remove();
});

const mapping = readMapping('{ layer: parcels, key: id, columns: { parcel_no: { from: no } } }');
const bring = (file: string, more: Partial<ImportRequest> = {}) =>
  app.get(ImportService, { strict: false }).run(ctx, { layer: 'parcels', file, mapping, ...more });
const good: [object, object] = [{ id: 'a', no: '1' }, square(73.8, 18.5)];

async function everything(): Promise<object> {
  const tables = [
    'parcels',
    'parcels_history',
    'changesets',
    'map_issues',
    'imports',
    'import_report_rows',
    'jobs',
  ];
  const counts = tables.map((table) => `(SELECT count(*)::int FROM ${table}) AS ${table}`);
  return (await db.owner.query<object>(`SELECT ${counts.join(', ')}`)).rows[0] as object;
}

/** The Problem with which a file is refused; fails when it is taken, or when it left anything behind. */
async function refusal(file: string, more: Partial<ImportRequest> = {}): Promise<Problem> {
  const before = await everything();
  const error = await bring(file, more).then(
    () => null,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(Problem);
  expect(await everything()).toEqual(before);
  return error as Problem;
}

describe('a file that cannot be used as a whole is refused, and nothing of it stays', () => {
  it('malformed GeoJSON, with the line at fault', async () => {
    const text = '{"type":"FeatureCollection","features":[\n{"type":"Feature","properties":{"id":oops}}]}';
    const problem = await refusal(files.write('malformed.geojson', text));
    expect(problem).toMatchObject({ kind: 'file-unreadable', status: 422 });
    expect(problem.detail).toMatch(/line 2/);
  });

  it('GeoJSON that ends in the middle', async () => {
    const feature = JSON.stringify({ type: 'Feature', properties: good[0], geometry: good[1] });
    const whole = `{"type":"FeatureCollection","features":[${feature},`;
    expect(await refusal(files.write('cut.geojson', whole))).toMatchObject({ kind: 'file-unreadable' });
  });

  it('metres where longitude and latitude are claimed, or a town elsewhere', async () => {
    const metres = files.geojson('metres.geojson', [[{ id: 'a', no: '1' }, square(378_000, 2_046_000, 30)]]);
    const first = await refusal(metres);
    expect(first).toMatchObject({ kind: 'srs-wrong' });
    expect(first.detail).toMatch(/--srs EPSG/);
    const swapped = await refusal(
      files.geojson('swapped.geojson', [[{ id: 'a', no: '1' }, square(18.5, 73.8)]]),
    );
    expect(swapped.detail).toMatch(/outside the UTM zone/);
  });

  it('a zip bomb, without unpacking it', async () => {
    const path = files.write(
      'bomb.zip',
      zipOf('a.geojson', deflateRawSync(Buffer.alloc(64 * megabyte)), 64 * megabyte),
    );
    expect(await refusal(path)).toMatchObject({ kind: 'archive-bomb', status: 413 });
    const liar = files.write('liar.zip', zipOf('a.geojson', Buffer.from('x'), 4_000_000_000));
    expect(await refusal(liar)).toMatchObject({ kind: 'archive-bomb' });
    const nested = files.write('nested.zip', zipOf('inner.zip', Buffer.from('x'), 1));
    expect(await refusal(nested)).toMatchObject({ kind: 'archive-bomb' });
    const climbs = files.write('climbs.zip', zipOf('../a.geojson', Buffer.from('x'), 1));
    expect(await refusal(climbs)).toMatchObject({ kind: 'archive-bomb' });
  });

  it('a ring of two million vertices, in bounded memory', async () => {
    const path = await ringOf(2_000_000);
    const before = process.memoryUsage().rss;
    const problem = await refusal(path);
    expect(problem).toMatchObject({ kind: 'feature-too-large', status: 413 });
    expect(process.memoryUsage().rss - before).toBeLessThan(300 * megabyte);
  }, 120_000);

  it('letters in another encoding, unless it is declared', async () => {
    const latin = Buffer.from(
      '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"a","no":"Caf\xe9 1"},' +
        `"geometry":${JSON.stringify(square(73.8, 18.6))}}]}`,
      'latin1',
    );
    const path = files.write('latin.geojson', latin);
    const problem = await refusal(path);
    expect(problem).toMatchObject({ kind: 'encoding-wrong' });
    expect(problem.detail).toMatch(/row 1/);
    expect((await bring(path, { encoding: 'windows-1252' })).counts.created).toBe(1);
    const { rows } = await db.owner.query("SELECT parcel_no FROM parcels WHERE parcel_no LIKE 'Caf%'");
    expect(rows).toEqual([{ parcel_no: 'Café 1' }]);
  });

  it('a file without a column that the mapping reads, naming those it has', async () => {
    const problem = await refusal(
      files.geojson('lacks.geojson', [[{ id: 'a', other: 1 }, square(73.8, 18.5)]]),
    );
    expect(problem).toMatchObject({
      kind: 'file-column-missing',
      errors: [{ where: '/columns/parcel_no/from', value: 'no' }],
    });
    expect(problem.detail).toMatch(/other/);
  });

  it('a mapping to nothing, or to what does not exist', async () => {
    const file = files.geojson('good.geojson', [good]);
    expect(await refusal(file, { mapping: { ...mapping, columns: {} } })).toMatchObject({
      kind: 'mapping-empty',
    });
    const stray = { ...mapping, columns: { 'no"; DROP TABLE parcels; --': { from: 'no' } } };
    expect(await refusal(file, { mapping: stray })).toMatchObject({ kind: 'mapping-column-unknown' });
    expect(await refusal(file, { layer: 'moon', mapping })).toMatchObject({ kind: 'layer-unknown' });
    expect(() => readMapping('layer: parcels\nkey: id\ncolumns: { parcel_no: { form: no } }')).toThrow(
      /columns\/parcel_no/,
    );
    expect(() => readMapping('layer: [')).toThrow(Problem);
  });

  it('what is no map at all', async () => {
    expect(await refusal(files.write('empty.geojson', ''))).toMatchObject({ kind: 'file-empty' });
    expect(await refusal(files.write('page.geojson', '<html></html>'))).toMatchObject({
      kind: 'file-unknown',
    });
    expect(await refusal(files.write('broken.zip', 'PK\x03\x04 nothing'))).toMatchObject({
      kind: 'archive-damaged',
    });
    expect(await refusal(`${files.folder}/absent.geojson`)).toMatchObject({ kind: 'file-missing' });
    const vrt =
      '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/etc/passwd' +
      '</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>';
    expect(await refusal(files.write('link.csv', vrt))).toMatchObject({ status: 422 });
    const none = await refusal(files.write('none.geojson', '{"type":"FeatureCollection","features":[]}'));
    expect(none.status).toBe(422);
  });
});

describe('a row that cannot be used is a line of the report', () => {
  it('mixed kinds, no geometry, empty geometry, coordinates that are no numbers', async () => {
    const report = await bring(
      files.geojson('rows.geojson', [
        [{ id: 'b1', no: '1' }, square(73.8, 18.5)],
        [
          { id: 'b2', no: '2' },
          { type: 'Point', coordinates: [73.8, 18.5] },
        ],
        [
          { id: 'b3', no: '3' },
          {
            type: 'LineString',
            coordinates: [
              [73.8, 18.5],
              [73.9, 18.5],
            ],
          },
        ],
        [{ id: 'b4', no: '4' }, null],
        [
          { id: 'b5', no: '5' },
          { type: 'Polygon', coordinates: [[]] },
        ],
        [
          { id: 'b6', no: '6' },
          '{"type":"Polygon","coordinates":[[[73.8,NaN],[73.9,18.5],[73.9,18.6],[73.8,18.5]]]}',
        ],
        [{ id: 'b7', no: '7' }, square(200, 18.5)],
        [
          { id: 'b8', no: '8' },
          {
            type: 'Polygon',
            coordinates: [
              [
                [73.8, 18.5],
                [73.9, 18.5],
                [73.8, 18.5],
              ],
            ],
          },
        ],
        [{ id: 'b9', no: '9' }, square(73.85, 18.5)],
        [{ id: 'b10', no: 'x'.repeat(20_000) }, square(73.86, 18.5)],
      ]),
    );
    expect(report.counts).toMatchObject({ read: 10, created: 2, rejected: 8 });
    expect(report.lines.map(({ row, rule }) => [row, rule])).toEqual([
      [2, 'wrong-geometry-type'],
      [3, 'wrong-geometry-type'],
      [4, 'geometry-missing'],
      [5, 'geometry-empty'],
      [6, 'coordinate-not-a-number'],
      [7, 'outside-longitude-latitude'],
      [8, 'wrong-geometry-type'],
      [10, 'too-long'],
    ]);
    expect(report.lines.every(({ message, outcome }) => message.length > 10 && outcome === 'rejected')).toBe(
      true,
    );
  });

  it('a ring of more vertices than a layer takes', async () => {
    const report = await bring(await ringOf(120_000));
    expect(report.counts).toMatchObject({ read: 1, created: 0, rejected: 1 });
    expect(report.lines).toEqual([expect.objectContaining({ rule: 'too-many-vertices', value: '120001' })]);
  });
});

/** A circle of so many corners, written piece by piece. */
async function ringOf(corners: number): Promise<string> {
  const path = `${files.folder}/ring-${corners}.geojson`;
  const out = createWriteStream(path);
  out.write(
    '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"r","no":"1"},' +
      '"geometry":{"type":"Polygon","coordinates":[[',
  );
  for (let from = 0; from < corners; from += 10_000) {
    let text = '';
    for (let at = from; at < Math.min(corners, from + 10_000); at += 1) {
      const angle = (2 * Math.PI * at) / corners;
      const [x, y] = [73.8 + 0.01 * Math.cos(angle), 18.5 + 0.01 * Math.sin(angle)];
      text += `[${x.toFixed(9)},${y.toFixed(9)}],`;
    }
    if (!out.write(text)) await once(out, 'drain');
  }
  out.end('[73.810000000,18.500000000]]]}}]}');
  await once(out, 'finish');
  return path;
}

/** A zip archive of one entry whose directory claims `unpacked` bytes. */
function zipOf(name: string, packed: Buffer, unpacked: number): Buffer {
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  local.writeUInt32LE(packed.length, 18);
  local.writeUInt32LE(unpacked, 22);
  local.writeUInt16LE(name.length, 26);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(8, 10);
  entry.writeUInt32LE(packed.length, 20);
  entry.writeUInt32LE(unpacked, 24);
  entry.writeUInt16LE(name.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length + name.length, 12);
  end.writeUInt32LE(local.length + name.length + packed.length, 16);
  return Buffer.concat([local, Buffer.from(name), packed, entry, Buffer.from(name), end]);
}
