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

describe('an import of a roll', () => {
  const mapping = readRollMapping(`
roll: true
number: { from: lot, ordinal: true }
parcel: { from: lot }
effectiveFrom: '2025-04-01'
property: { address: { from: address } }
unit: { use: { from: use }, area_m2: { from: area, unit: ft2 } }
owner: { name: { from: owner } }
arrears: [{ from: due, head: property_tax, fy: 2024, dueOn: '2025-03-31' }]
`);
  const bringRoll = (text: string) =>
    app.get(RollImportService, { strict: false }).run(ctx, { file: files.write('roll.csv', text), mapping });
  const header = 'lot,address,use,area,owner,due\n';

  it('makes accounts with unit, owner, land and dues, and finds them again', async () => {
    await bring(files.geojson('lots.geojson', [plot('10', 73.8)]));
    const text = `${header}10,"1, Main Road",residential,1000,Asha,120.50\n10,Flat 2,commercial,500,Bina,0\n99,Nowhere,residential,10,,\n`;
    const report = await bringRoll(text);
    expect(report.counts).toMatchObject({ read: 3, created: 3, rejected: 0 });
    expect(
      await rows(
        `SELECT p.number, p.address, u.area_m2, o.name, (SELECT count(*)::int FROM property_parcels x WHERE x.property_id = p.id) AS land,
           p.no_parcel_reason AS reason, (SELECT amount_paise FROM postings t WHERE t.property_id = p.id) AS due
         FROM properties p JOIN units u ON u.property_id = p.id LEFT JOIN owners o ON o.property_id = p.id
         WHERE p.ulb_id = $1 ORDER BY p.number`,
      ),
    ).toEqual([
      {
        number: '10-1',
        address: '1, Main Road',
        area_m2: '92.9030',
        name: 'Asha',
        land: 1,
        reason: null,
        due: '12050',
      },
      {
        number: '10-2',
        address: 'Flat 2',
        area_m2: '46.4515',
        name: 'Bina',
        land: 1,
        reason: null,
        due: null,
      },
      {
        number: '99-1',
        address: 'Nowhere',
        area_m2: '0.9290',
        name: null,
        land: 0,
        reason: 'unknown_key',
        due: null,
      },
    ]);
    expect(await bringRoll(text)).toMatchObject({ result: 'unchanged', counts: { unchanged: 3 } });
    const changed = await bringRoll(text.replace('Flat 2,commercial', 'Flat 2,residential'));
    expect(changed.counts).toMatchObject({ changed: 1, unchanged: 2 });
    expect(
      await rows(`SELECT version, record->'units'->0->>'use' AS use FROM property_history WHERE ulb_id = $1`),
    ).toEqual([{ version: 1, use: 'commercial' }]);
  });

  it('names the line of every row that is none, and takes the others', async () => {
    const bad = Buffer.concat([
      Buffer.from(`${header}1,A,residential,10,X,\n2,B\n3,"C"x,residential,10,X,\n4,`),
      Buffer.from([0xe9, 0x2c]),
      Buffer.from(
        'residential,10,X,\n5,E,residential,many,X,\n6,"two\nlines",residential,10,X,\n7,G,residential,10,X,\n8,"open,residential,10,X,\n',
      ),
    ]);
    const path = files.write('bad.csv', bad);
    const report = await app.get(RollImportService, { strict: false }).run(ctx, { file: path, mapping });
    const rejected = report.lines.filter(({ outcome }) => outcome === 'rejected');
    expect(rejected.map(({ row, rule }) => [row, rule])).toEqual([
      [3, 'column-count'],
      [4, 'bad-quotes'],
      [5, 'bad-encoding'],
      [6, 'not-a-number'],
      [10, 'bad-quotes'],
    ]);
    expect(report.counts).toMatchObject({ read: 8, created: 3, rejected: 5 });
  });

  const one = (use: string, owner = 'Asha') => `${header}10,Main Road,${use},1000,${owner},\n`;
  const bringFrom = (effectiveFrom: string, text: string) =>
    app
      .get(RollImportService, { strict: false })
      .run(ctx, { file: files.write('dated.csv', text), mapping: { ...mapping, effectiveFrom } });
  const dated = (table: 'units' | 'owners', column: string) =>
    rows(`SELECT effective::text AS days, ${column} AS is FROM ${table} WHERE ulb_id = $1 ORDER BY 1`);

  it('ends the old state on the day of a later roll, and keeps it for the years before', async () => {
    await bringFrom('2025-04-01', one('residential'));
    await db.owner.query("UPDATE units SET floor = '2' WHERE ulb_id = $1", [ctx.ulbId]);
    const later = await bringFrom('2026-04-01', one('commercial'));
    expect(later.counts).toMatchObject({ changed: 1, unchanged: 0 });
    expect(await dated('units', "use || ' ' || floor")).toEqual([
      { days: '[2025-04-01,2026-04-01)', is: 'residential 2' },
      { days: '[2026-04-01,)', is: 'commercial 2' },
    ]);
    expect(await dated('owners', 'name')).toEqual([{ days: '[2025-04-01,)', is: 'Asha' }]);
    expect(await bringFrom('2026-04-01', one('commercial'))).toMatchObject({ result: 'unchanged' });
    await bringFrom('2026-04-01', one('commercial', 'Bina'));
    expect(await dated('owners', 'name')).toEqual([
      { days: '[2025-04-01,2026-04-01)', is: 'Asha' },
      { days: '[2026-04-01,)', is: 'Bina' },
    ]);
  });

  it('refuses a roll of an earlier day that would change what holds later, and says which days', async () => {
    await bringFrom('2025-04-01', one('residential'));
    await expect(bringFrom('2024-04-01', one('commercial'))).rejects.toMatchObject({
      status: 422,
      kind: 'roll-earlier',
      detail: expect.stringMatching(/from 2024-04-01, but property 10-1 .* from 2025-04-01/),
    });
    expect(await dated('units', 'use')).toEqual([{ days: '[2025-04-01,)', is: 'residential' }]);
  });

  it('takes a blank class and share for what they mean, and rejects a share of nothing', async () => {
    const owner = 'owner: { name: { from: owner }, class: { from: class }, share: { from: share } }';
    const shared = readRollMapping(
      `{ roll: true, number: { from: lot }, effectiveFrom: '2025-04-01', ${owner} }`,
    );
    const text = 'lot,owner,class,share\n1,Asha,,\n2,Bina,widow,0.5\n3,Chand,,0\n4,Devi,,1.5\n5,,,\n';
    const run = (csv: string) =>
      app
        .get(RollImportService, { strict: false })
        .run(ctx, { file: files.write('shares.csv', csv), mapping: shared });
    const report = await run(text);
    const rejected = report.lines.filter(({ outcome }) => outcome === 'rejected');
    expect(rejected.map(({ row, rule, value }) => [row, rule, value])).toEqual([
      [4, 'out-of-range', '0'],
      [5, 'out-of-range', '1.5'],
    ]);
    expect(await rows('SELECT name, class, share FROM owners WHERE ulb_id = $1 ORDER BY name')).toEqual([
      { name: 'Asha', class: 'none', share: '1.00000000' },
      { name: 'Bina', class: 'widow', share: '0.50000000' },
    ]);
    expect(await run(text)).toMatchObject({ result: 'unchanged', counts: { unchanged: 3 } });
    expect(() =>
      readRollMapping(
        "{ roll: true, number: { from: a }, effectiveFrom: '2025-04-01', owner: { class: { from: b } } }",
      ),
    ).toThrow(/map name too/);
  });

  it('leaves an owner on record alone where the row names none', async () => {
    await bringRoll(one('residential'));
    expect(await bringRoll(one('residential', ''))).toMatchObject({ result: 'unchanged' });
    expect(await dated('owners', 'name')).toEqual([{ days: '[2025-04-01,)', is: 'Asha' }]);
  });

  it('reports arrears that differ from those posted or lie below nothing, and posts neither', async () => {
    const due = (first: string, second: string) =>
      `${header}10,A,residential,10,Asha,${first}\n11,B,residential,10,Bina,${second}\n` +
      '12,C,residential,10,,0\n';
    const told = await bringRoll(due('120.50', '-7'));
    const owed = 'SELECT amount_paise AS paise FROM postings WHERE ulb_id = $1 ORDER BY 1';
    const rulesOf = ({ lines }: typeof told) =>
      lines
        .filter(({ rule }) => rule.includes('arrears'))
        .map(({ row, outcome, rule, value }) => [row, outcome, rule, value]);
    expect(rulesOf(told)).toEqual([[3, 'warned', 'negative-arrears', '-7']]);
    expect(await rows(owed)).toEqual([{ paise: '12050' }]);
    const other = await bringRoll(due('99', '5'));
    expect(rulesOf(other)).toEqual([[2, 'warned', 'arrears-differ', '99']]);
    expect(other.lines.find(({ rule }) => rule === 'arrears-differ')?.message).toMatch(
      /Rs 120.50 was posted before for property_tax of 2024 .* correction in the ledger/,
    );
    expect(await rows(owed)).toEqual([{ paise: '500' }, { paise: '12050' }]);
    expect(rulesOf(await bringRoll(due('0', '5')))).toEqual([[2, 'warned', 'arrears-differ', '0']]);
    expect(rulesOf(await bringRoll(due('120.50', '5')))).toEqual([]);
  });
});
