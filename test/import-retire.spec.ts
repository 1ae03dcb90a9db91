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
