import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { INestApplicationContext } from '@nestjs/common';
import { ImportService, type ImportRequest } from '../apps/api/src/map/import/import.service.js';
import { readMapping } from '../apps/api/src/map/import/mapping.js';
import { RollImportService } from '../apps/api/src/parcels/roll-import/roll-import.service.js';
import { readRollMapping } from '../apps/api/src/parcels/roll-import/roll-mapping.js';
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

const complete = readMapping(`
layer: parcels
key: id
keyPrefix: x/
complete: true
columns: { parcel_no: { from: id }, recorded_area_m2: { from: area } }
`);
const bring = (features: [object, object][], more: Partial<ImportRequest> = {}) =>
  app.get(ImportService, { strict: false }).run(ctx, {
    layer: 'parcels',
    file: files.geojson('layer.geojson', features),
    mapping: complete,
    ...more,
  });
const plot = (id: string, west: number, area: unknown = 100): [object, object] => [
  { id, area },
  square(west, 18.5),
];
const rows = async (sql: string) => (await db.owner.query<Record<string, unknown>>(sql, [ctx.ulbId])).rows;
const standing = async () =>
  (await rows('SELECT source_key AS key FROM parcels WHERE ulb_id = $1 ORDER BY 1')).map(({ key }) => key);

describe('an import of a complete source', () => {
  it('leaves the feature of a rejected row as it was: its source still has it', async () => {
    await bring([plot('a', 73.8), plot('b', 73.81), plot('c', 73.82)]);
    const report = await bring([plot('a', 73.8), plot('b', 73.81, 'many')]);
    expect(report.counts).toMatchObject({ rejected: 1, retired: 1, unchanged: 1 });
    expect(await standing()).toEqual(['x/a', 'x/b']);
  });

  it('is refused without a prefix, which alone keeps the features of other sources', () => {
    expect(() =>
      readMapping('{ layer: parcels, key: id, complete: true, columns: { parcel_no: { from: id } } }'),
    ).toThrow(/complete: true .* needs a keyPrefix/);
  });

  it('leaves land standing on which a property stands, names it, and retires the rest', async () => {
    await bring([plot('a', 73.8), plot('b', 73.81), plot('c', 73.82)]);
    const roll = readRollMapping(
      "{ roll: true, number: { from: no }, parcel: { from: lot }, effectiveFrom: '2025-04-01' }",
    );
    await app
      .get(RollImportService, { strict: false })
      .run(ctx, { file: files.write('roll.csv', 'no,lot\nP1,b\n'), mapping: roll });
    const report = await bring([plot('a', 73.8)]);
    expect(report.counts).toMatchObject({ retired: 1, unchanged: 1 });
    expect(report.lines).toEqual([
      expect.objectContaining({ row: 0, outcome: 'warned', rule: 'still-used', value: 'b' }),
    ]);
    expect(await standing()).toEqual(['x/a', 'x/b']);
    expect(await rows('SELECT rule, value FROM import_report_rows WHERE ulb_id = $1')).toEqual([
      { rule: 'still-used', value: 'b' },
    ]);
  });
});

describe('an import of a later delimitation of wards', () => {
  const wards = readMapping('{ layer: wards, key: no, keyPrefix: w/, columns: { number: { from: no } } }');
  const ward = (no: string, west: number): [object, object] => [{ no }, square(west, 18.5)];
  const delimit = (from: string, features: [object, object][], mapping = wards) =>
    bring(features, { layer: 'wards', mapping, effective: { from, to: null } });
  const map = () =>
    rows(
      `SELECT source_key AS key, effective::text AS days, round(ST_XMin(geom)::numeric, 2)::text AS west,
         version FROM wards WHERE ulb_id = $1 ORDER BY effective, source_key`,
    );
  const old = [ward('1', 73.8), ward('2', 73.82)];
  const young = [ward('1', 73.9)];

  it('keeps the earlier map for its own days, and finds both files again', async () => {
    await delimit('2010-04-01', old);
    const report = await delimit('2020-04-01', young);
    expect(report.counts).toMatchObject({ created: 1, changed: 0 });
    const both = [
      { key: 'w/1@2010-04-01', days: '[2010-04-01,2020-04-01)', west: '73.80', version: 2 },
      { key: 'w/2', days: '[2010-04-01,)', west: '73.82', version: 1 },
      { key: 'w/1', days: '[2020-04-01,)', west: '73.90', version: 1 },
    ];
    expect(await map()).toEqual(both);
    expect(
      await rows('SELECT version, effective::text AS days FROM wards_history WHERE ulb_id = $1'),
    ).toEqual([{ version: 1, days: '[2010-04-01,)' }]);
    expect(await delimit('2020-04-01', young)).toMatchObject({ result: 'unchanged' });
    expect(await delimit('2010-04-01', old)).toMatchObject({ result: 'unchanged', counts: { rejected: 0 } });
    await delimit('2010-04-01', [ward('1', 73.7)]);
    expect((await map())[0]).toEqual({ ...both[0], west: '73.70', version: 3 });
    await delimit('2020-04-01', [ward('1', 73.95)]);
    expect((await map())[2]).toEqual({ ...both[2], west: '73.95', version: 2 });
  });

  it('ends on its first day what a complete file lacks, and deletes nothing of the earlier map', async () => {
    const whole = { ...wards, complete: true };
    await delimit('2010-04-01', old, whole);
    expect((await delimit('2020-04-01', young, whole)).counts).toMatchObject({ created: 1, retired: 1 });
    const both = [
      { key: 'w/1@2010-04-01', days: '[2010-04-01,2020-04-01)', west: '73.80', version: 2 },
      { key: 'w/2@2010-04-01', days: '[2010-04-01,2020-04-01)', west: '73.82', version: 2 },
      { key: 'w/1', days: '[2020-04-01,)', west: '73.90', version: 1 },
    ];
    expect(await map()).toEqual(both);
    expect(await delimit('2020-04-01', young, whole)).toMatchObject({ result: 'unchanged' });
    expect(await delimit('2010-04-01', old, whole)).toMatchObject({ result: 'unchanged' });
    expect(await map()).toEqual(both);
  });

  it('is refused where the file is older than what stands under its keys', async () => {
    await delimit('2020-04-01', young);
    await expect(delimit('2010-04-01', old)).rejects.toMatchObject({
      status: 409,
      kind: 'delimitation-earlier',
      detail: expect.stringMatching(/from 2010-04-01, but w\/1 stands from 2020-04-01.*keyPrefix/),
    });
    expect(await map()).toHaveLength(1);
  });
});
