import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Feature, FeatureCollection } from 'geojson';
import { MapModule } from '../../apps/api/src/map/map.module.js';
import { createTestDatabase, createTestUlb, type TestDatabase } from '../support/database.js';
import {
  changesetId,
  idOf,
  layers,
  origin,
  seedChangeset,
  seedParcels,
  seedToken,
  stepDeg,
} from '../support/map.js';
import { startTestServer, type TestServer } from '../support/server.js';

type Page = FeatureCollection & { numberMatched: number };

let db: TestDatabase;
let server: TestServer;
let reader: string;

beforeAll(async () => {
  db = await createTestDatabase();
  await createTestUlb(db, 1, 'pune');
  await seedChangeset(db, 1);
  await seedParcels(db, 1, 500);
  server = await startTestServer(db, [MapModule.with(layers)]);
  reader = await seedToken(
    db,
    { ulbId: 1, code: 'pune' },
    { role: 'surveyor', permissions: ['layers:read'] },
  );
}, 120_000);

afterAll(async () => {
  await server.close();
  await db.drop();
});

const get = (path: string, authorization = reader, headers: Record<string, string> = {}) =>
  fetch(path.startsWith('http') ? path : `${server.url}${path}`, { headers: { authorization, ...headers } });

async function page(path: string, authorization = reader): Promise<Page> {
  const response = await get(path, authorization);
  expect(response.status).toBe(200);
  return (await response.json()) as Page;
}

async function refused(path: string, authorization = reader): Promise<{ status: number; detail: string }> {
  const response = await get(path, authorization);
  expect(response.headers.get('content-type')).toMatch(/problem\+json/);
  return (await response.json()) as { status: number; detail: string };
}

const items = '/ogc/pune/collections/parcels/items';
const boxOf = (columns: number, rows: number) =>
  [
    origin.lon,
    origin.lat,
    origin.lon + columns * stepDeg - 0.00005,
    origin.lat + rows * stepDeg - 0.00005,
  ].join(',');

describe('datetime', () => {
  const wards = '/ogc/pune/collections/wards/items';

  beforeAll(async () => {
    const ward = (count: number, from: string, to: string | null) =>
      db.owner.query(
        `INSERT INTO wards (ulb_id, id, changeset_id, recorded_at, number, effective, geom)
         SELECT 1, md5($2 || i)::uuid, $1, '2026-04-01', i::text, daterange($2::date, $3::date),
           ST_Multi(ST_MakeEnvelope(73.8 + i * 0.01, 18.5, 73.81 + i * 0.01, 18.6, 4326))
         FROM generate_series(1, $4::int) i`,
        [changesetId, from, to, count],
      );
    await ward(8, '2012-01-01', '2022-07-14');
    await ward(11, '2022-07-14', null);
  });

  it('finds the wards that the law knew, before and after their change', async () => {
    const count = async (datetime: string) => (await page(`${wards}?datetime=${datetime}`)).numberMatched;
    expect(await count('2020-01-01')).toBe(8);
    expect(await count('2022-07-13T12:00:00Z')).toBe(8);
    // In India the next day has begun.
    expect(await count('2022-07-13T19:00:00Z')).toBe(11);
    expect(await count('2022-07-14')).toBe(11);
    expect(await count('../2020-01-01')).toBe(8);
    expect(await count('2022-01-01/..')).toBe(19);
    expect(await count('2000-01-01/2001-01-01')).toBe(0);
    expect((await page(wards)).numberMatched).toBe(19);
  });

  it('shows from which day and to which last day a ward is in force', async () => {
    const [old] = (await page(`${wards}?datetime=2020-01-01&number=1`)).features;
    expect(old!.properties).toMatchObject({ effective_from: '2012-01-01', effective_to: '2022-07-13' });
    const [now] = (await page(`${wards}?datetime=2026-01-01&number=1`)).features;
    expect(now!.properties).toMatchObject({ effective_from: '2022-07-14', effective_to: null });
  });

  it('finds a parcel as it was recorded then', async () => {
    await change(db, 3, '2026-05-10T10:00:00Z', 'renamed');
    const name = async (datetime: string) =>
      (await page(`${items}?datetime=${datetime}&ward_number=3&limit=1000`)).features.find(
        ({ id }) => id === idOf('parcel', 3),
      )?.properties?.['parcel_no'] as unknown;
    expect(await name('2026-05-01')).toBe('3');
    expect(await name('2026-05-10T09:59:59Z')).toBe('3');
    expect(await name('2026-05-10T10:00:00Z')).toBe('renamed');
    expect(await name('../2026-05-09')).toBe('3');
    expect(await name('2026-05-01/2026-06-01')).toBe('renamed');
    expect(await name('2025-01-01')).toBeUndefined();
    const then = (await (await get(`${items}/${idOf('parcel', 3)}?datetime=2026-05-01`)).json()) as Feature;
    expect(then.properties).toMatchObject({ parcel_no: '3', version: 1 });
    const old = await page(`${items}?datetime=2026-05-01&bbox=${boxOf(10, 1)}`);
    expect(old.numberMatched).toBe(10);
  });

  it('is refused where it is no time', async () => {
    for (const datetime of [
      'yesterday',
      '2020-13-01',
      '2021-01-01/2020-01-01',
      '..',
      '2020/2021/2022',
      '2020-02-30',
    ]) {
      expect((await refused(`${items}?datetime=${datetime}`)).status).toBe(400);
    }
  });

  it('has a history that tells who changed what and when', async () => {
    const response = await get(`/api/layers/parcels/features/${idOf('parcel', 3)}/history`);
    const history = (await response.json()) as { versions: Record<string, unknown>[] };
    expect(history.versions).toHaveLength(2);
    expect(history.versions[0]).toMatchObject({ version: 2, recordedBy: 'ravi', endedAt: null });
    expect(history.versions[1]).toMatchObject({
      version: 1,
      recordedBy: 'meera',
      endedBy: 'ravi',
      endedAt: '2026-05-10T10:00:00.000Z',
      changeset: { comment: 'synthetic' },
      feature: { properties: { parcel_no: '3' } },
    });
  });
});

/** What an applied edit leaves behind: the version before in the history, the new one in the table. */
async function change(base: TestDatabase, index: number, at: string, parcelNo: string): Promise<void> {
  const edit = idOf('edit', index);
  await base.owner.query(
    `INSERT INTO changesets (ulb_id, id, kind, status, comment, created_by_login, created_at, applied_at)
     VALUES (1, $1, 'edit', 'applied', 'new number', 'ravi', $2, $2)`,
    [edit, at],
  );
  await base.owner.query(
    `INSERT INTO parcels_history SELECT *, $2, $3 FROM parcels WHERE ulb_id = 1 AND id = $1`,
    [idOf('parcel', index), edit, at],
  );
  await base.owner.query(
    `UPDATE parcels SET version = version + 1, recorded_at = $3, changeset_id = $2, parcel_no = $4
     WHERE ulb_id = 1 AND id = $1`,
    [idOf('parcel', index), edit, at, parcelNo],
  );
}
