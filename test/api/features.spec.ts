import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Feature, FeatureCollection } from 'geojson';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { MapModule } from '../../apps/api/src/map/map.module.js';
import { createTestDatabase, createTestUlb, type TestDatabase } from '../support/database.js';
import {
  idOf,
  layers,
  origin,
  secretLayer,
  seedChangeset,
  seedParcels,
  seedToken,
  stepDeg,
} from '../support/map.js';
import { startTestServer, type TestServer } from '../support/server.js';

type Page = FeatureCollection & {
  numberMatched: number;
  numberReturned: number;
  timeStamp: string;
  links: { rel: string; href: string }[];
};

const run = promisify(execFile);
const parcelCount = 2_350;
let db: TestDatabase;
let server: TestServer;
let reader: string;
let officer: string;
let auditor: string;
let wardOfficer: string;
let stranger: string;

beforeAll(async () => {
  db = await createTestDatabase();
  await createTestUlb(db, 1, 'pune');
  await createTestUlb(db, 2, 'bhopal');
  for (const ulbId of [1, 2]) await seedChangeset(db, ulbId);
  await seedParcels(db, 1, parcelCount);
  await db.owner.query(
    `INSERT INTO parcels (ulb_id, id, changeset_id, recorded_at, parcel_no, geom)
     SELECT 2, $1, changeset_id, recorded_at, 'of Bhopal', geom FROM parcels WHERE parcel_no = '0'`,
    [idOf('bhopal', 1)],
  );
  server = await startTestServer(db, [MapModule.with([...layers, secretLayer])]);
  const ulb = { ulbId: 1, code: 'pune' };
  reader = await seedToken(db, ulb, { role: 'surveyor', permissions: ['layers:read'] });
  officer = await seedToken(db, ulb, { role: 'administrator', permissions: ['layers:read', 'owners:read'] });
  auditor = await seedToken(db, ulb, { role: 'administrator', permissions: ['layers:read', 'audit:read'] });
  wardOfficer = await seedToken(db, ulb, {
    role: 'revenue-officer',
    permissions: ['layers:read', 'owners:read'],
    wardNumbers: ['3'],
  });
  stranger = await seedToken(
    db,
    { ulbId: 2, code: 'bhopal' },
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

/** Follows `next` to the end, giving all pages. */
async function walk(path: string): Promise<Page[]> {
  const pages: Page[] = [];
  for (let next: string | undefined = path; next;) {
    const found: Page = await page(next);
    pages.push(found);
    next = found.links.find((link) => link.rel === 'next')?.href;
    expect(pages.length).toBeLessThan(1_000);
  }
  return pages;
}

const items = '/ogc/pune/collections/parcels/items';
const boxOf = (columns: number, rows: number) =>
  [
    origin.lon,
    origin.lat,
    origin.lon + columns * stepDeg - 0.00005,
    origin.lat + rows * stepDeg - 0.00005,
  ].join(',');

describe('paging', () => {
  it('walks every feature exactly once', async () => {
    const pages = await walk(`${items}?limit=500`);
    const ids = pages.flatMap((found) => found.features.map((feature) => feature.id));
    expect(ids).toHaveLength(parcelCount);
    expect(new Set(ids).size).toBe(parcelCount);
    expect(pages.map((found) => found.numberReturned)).toEqual([500, 500, 500, 500, 350]);
    expect(new Set(pages.map((found) => found.numberMatched))).toEqual(new Set([parcelCount]));
  });

  it('keeps the box and every other parameter in next', async () => {
    const pages = await walk(`${items}?bbox=${boxOf(10, 20)}&land_use=commercial&limit=7&f=json`);
    const inside = await db.owner.query(
      `SELECT id FROM parcels WHERE ulb_id = 1 AND land_use = 'commercial'
       AND parcel_no::int % 100 < 10 AND parcel_no::int / 100 < 20 ORDER BY id`,
    );
    expect(pages.flatMap((found) => found.features.map(({ id }) => id))).toEqual(
      inside.rows.map(({ id }) => id),
    );
    expect(pages[0]!.numberMatched).toBe(inside.rowCount);
    const next = new URL(pages[0]!.links.find(({ rel }) => rel === 'next')!.href);
    expect([...next.searchParams.keys()].sort()).toEqual(['after', 'bbox', 'f', 'land_use', 'limit']);
  });

  it('serves its most where more is asked, and refuses what is no number of features', async () => {
    expect((await page(`${items}?limit=99999`)).numberReturned).toBe(1_000);
    for (const limit of ['0', '-1', '1.5', 'all', '']) {
      expect((await refused(`${items}?limit=${limit}`)).status).toBe(400);
    }
  });
});

describe('a box', () => {
  it('finds what it touches and nothing else, in longitude and latitude', async () => {
    expect((await page(`${items}?bbox=${boxOf(3, 2)}`)).numberMatched).toBe(6);
    expect((await page(`${items}?bbox=${origin.lat},${origin.lon},18.6,73.9`)).numberMatched).toBe(0);
    const [west, south, east, north] = boxOf(3, 2).split(',');
    expect((await page(`${items}?bbox=${west},${south},0,${east},${north},100`)).numberMatched).toBe(6);
  });

  it('may be a point or a line', async () => {
    const { lon, lat } = origin;
    const point = `${lon + 0.00005},${lat + 0.00005}`;
    expect((await page(`${items}?bbox=${point},${point}`)).numberMatched).toBe(1);
    expect(
      (await page(`${items}?bbox=${lon},${lat + 0.00005},${lon + 4 * stepDeg},${lat + 0.00005}`))
        .numberMatched,
    ).toBe(5);
  });

  it('is refused where it is none, with what is wrong', async () => {
    expect((await refused(`${items}?bbox=170,10,-170,20`)).detail).toMatch(/antimeridian/);
    expect((await refused(`${items}?bbox=73,19,74,18`)).detail).toMatch(/south/);
    expect((await refused(`${items}?bbox=73,18,74`)).detail).toMatch(/4 or 6 numbers/);
    expect((await refused(`${items}?bbox=73,18,east,19`)).detail).toMatch(/must be numbers/);
    expect((await refused(`${items}?bbox=73,118,74,119`)).detail).toMatch(/latitudes/);
  });

  it('holds what touches its edge by the true coordinates, not by the rounded box of the index', async () => {
    // Half a millimetre beyond the eastern edge of the first parcel.
    const beyond = origin.lon + 0.000100005;
    expect((await page(`${items}?bbox=${beyond},18.4,${beyond + 0.00005},18.50005`)).numberMatched).toBe(0);
    const within = origin.lon + 0.000099995;
    expect((await page(`${items}?bbox=${within},18.4,${beyond},18.50005`)).numberMatched).toBe(1);
  });
});

describe('a filter', () => {
  it('by a property finds equal values', async () => {
    const found = await page(`${items}?parcel_no=127`);
    expect(found.features.map(({ id }) => id)).toEqual([idOf('parcel', 127)]);
    expect(found.numberMatched).toBe(1);
    expect((await page(`${items}?parcel_no=127&land_use=commercial`)).numberMatched).toBe(0);
  });

  it('by an unknown name is refused and names it, and so is one given twice', async () => {
    expect((await refused(`${items}?parcelno=127`)).detail).toMatch(/"parcelno"/);
    expect((await refused(`${items}?parcel_no=1&parcel_no=2`)).detail).toMatch(/more than once/);
  });

  it('by a value of the wrong type is refused before the database sees it', async () => {
    expect((await refused(`${items}?area_m2=large`)).detail).toMatch(/numeric/);
    const lights = '/ogc/pune/collections/streetlights/items';
    expect((await refused(`${lights}?installed_on=2020-02-30`)).status).toBe(400);
    expect((await refused(`${lights}?lamp_count=3000000000`)).status).toBe(400);
    expect((await refused(`${lights}?led=yes`)).status).toBe(400);
  });

  it('is bound, not written into the statement', async () => {
    const injection = encodeURIComponent("' OR '1'='1");
    expect((await page(`${items}?parcel_no=${injection}`)).numberMatched).toBe(0);
  });
});

describe('a column that the caller may not read', () => {
  const secret = '/ogc/pune/collections/secret_parcels';

  it('is neither returned, filtered, described nor counted', async () => {
    const [feature] = (await page(`${secret}/items?limit=1`)).features;
    expect(Object.keys(feature!.properties!).sort()).toEqual(['parcel_no', 'recorded_at', 'version']);
    for (const name of ['locality', 'land_use']) {
      expect((await refused(`${secret}/items?${name}=x`)).detail).toMatch(
        new RegExp(`"${name}": is unknown here`),
      );
    }
    const definition = await (await get('/ogc/pune/api')).text();
    const described = JSON.parse(definition) as {
      paths: Record<string, { get: { parameters: { name?: string }[] } }>;
    };
    const names = described.paths['/collections/secret_parcels/items']!.get.parameters.map(
      ({ name }) => name,
    );
    expect(names).toContain('parcel_no');
    expect(names).not.toContain('locality');
  });

  it('shows with the permission it names', async () => {
    const [feature] = (await page(`${secret}/items?parcel_no=5`, auditor)).features;
    expect(feature!.properties).toMatchObject({ land_use: 'residential' });
    expect(feature!.properties).not.toHaveProperty('locality');
    const [owned] = (await page(`${secret}/items?locality=owner 5`, officer)).features;
    expect(owned!.properties).toMatchObject({ locality: 'owner 5' });
  });

  it('stays closed to an account confined to wards when it is personal', async () => {
    const [feature] = (await page(`${secret}/items?parcel_no=5`, wardOfficer)).features;
    expect(feature!.properties).not.toHaveProperty('locality');
  });

  it('gives two callers different entity tags', async () => {
    const path = `${secret}/items/${idOf('parcel', 5)}`;
    const tags = await Promise.all(
      [reader, auditor].map(async (who) => (await get(path, who)).headers.get('etag')),
    );
    expect(tags[0]).not.toBe(tags[1]);
  });
});

describe('another municipality', () => {
  it('has features that nobody else reaches, by list, by id, by tile id or by its address', async () => {
    expect((await page('/ogc/bhopal/collections/parcels/items', stranger)).numberMatched).toBe(1);
    const foreign = idOf('bhopal', 1);
    expect((await refused(`${items}/${foreign}`)).status).toBe(404);
    expect((await page(`${items}?parcel_no=of Bhopal`)).numberMatched).toBe(0);
    expect((await refused('/ogc/bhopal/collections/parcels/items')).status).toBe(403);
    expect((await refused(`/ogc/bhopal/collections/parcels/items/${foreign}`)).status).toBe(403);
    expect((await refused(`/api/layers/parcels/features/${foreign}/history`)).status).toBe(404);
  });
});

describe('one feature', () => {
  it('comes with nine decimals and an entity tag that spares sending it again', async () => {
    const response = await get(`${items}/${idOf('parcel', 1)}`);
    const feature = (await response.json()) as Feature;
    expect(response.headers.get('content-type')).toBe('application/geo+json');
    expect(response.headers.get('content-crs')).toBe('<http://www.opengis.net/def/crs/OGC/1.3/CRS84>');
    expect(feature.geometry).toMatchObject({ type: 'MultiPolygon' });
    expect(JSON.stringify(feature.geometry)).toContain('[73.8002,18.5]');
    const etag = response.headers.get('etag')!;
    expect(etag).toMatch(/^"1\./);
    const again = await get(`${items}/${idOf('parcel', 1)}`, reader, { 'if-none-match': etag });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  it('is told missing whether its id is unknown or no id at all', async () => {
    expect((await refused(`${items}/${idOf('nothing', 1)}`)).status).toBe(404);
    expect((await refused(`${items}/1`)).status).toBe(404);
    expect((await refused('/ogc/pune/collections/canals/items')).detail).toMatch(/no layer "canals"/);
  });
});

describe('the layers', () => {
  it('are listed with the columns that the caller may read, their count and their box', async () => {
    const list = (await (await get('/api/layers')).json()) as Record<string, unknown>[];
    expect(list.map(({ name }) => name)).toEqual([...layers, secretLayer].map(({ name }) => name));
    const secret = list.find(({ name }) => name === 'secret_parcels')!;
    expect((secret['columns'] as { name: string }[]).map(({ name }) => name)).toEqual(['parcel_no']);
    expect(secret['count']).toBe(parcelCount);
    const [west, south] = secret['bbox'] as number[];
    expect([west, south]).toEqual([origin.lon, origin.lat]);
    expect(list.find(({ name }) => name === 'roads')).toMatchObject({ count: 0, bbox: null });
  });

  it('tell what was clicked by its tile id', async () => {
    const { rows } = await db.owner.query(`SELECT tile_id FROM parcels WHERE ulb_id = 1 AND parcel_no = '9'`);
    const clicked = await (
      await get(`/api/layers/secret_parcels/by-tile-id/${rows[0].tile_id}`, officer)
    ).json();
    expect(clicked).toMatchObject({ id: idOf('parcel', 9), parcel_no: '9', version: 1 });
    expect(clicked).not.toHaveProperty('locality');
    expect((await refused('/api/layers/parcels/by-tile-id/12')).status).toBe(404);
    expect((await refused('/api/layers/parcels/by-tile-id/x')).status).toBe(400);
  });
});

describe('the service', () => {
  it('describes itself so that every link leads somewhere', async () => {
    const seen = new Set<string>();
    const todo = [`${server.url}/ogc/pune`];
    while (todo.length) {
      const url = todo.pop()!;
      if (seen.has(url)) continue;
      seen.add(url);
      const response = await get(url);
      expect([url, response.status]).toEqual([url, 200]);
      const body = (await response.json()) as {
        links?: { href: string; templated?: boolean; rel: string }[];
      };
      const nested = [...JSON.stringify(body).matchAll(/"href":"([^"{]+)"/g)].map((match) => match[1]!);
      if (!url.includes('/items')) todo.push(...nested);
    }
    expect(seen.size).toBeGreaterThan(20);
  });

  it('is defined in OpenAPI without a reference that leads out of it', async () => {
    const response = await get('/ogc/pune/api');
    const text = await response.text();
    expect(response.headers.get('content-type')).toMatch(
      /^application\/vnd\.oai\.openapi\+json; ?version="?3\.1/,
    );
    const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1]!);
    const definition = JSON.parse(text) as Record<string, unknown>;
    for (const reference of new Set(references)) {
      const target = reference
        .slice(2)
        .split('/')
        .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], definition);
      expect([reference, typeof target]).toEqual([reference, 'object']);
    }
    expect(text).toContain('"maximum":1000');
  });

  it('is read by GDAL with its counts', async () => {
    const [login, password] = Buffer.from(reader.slice(6), 'base64').toString().split(':');
    const open = ['-oo', `USERPWD=${login}:${password}`, `OAPIF:${server.url}/ogc/pune`, 'parcels', '-so'];
    const whole = await run('ogrinfo', ['-ro', ...open], { timeout: 60_000 });
    expect(whole.stdout).toContain(`Feature Count: ${parcelCount}`);
    const box = boxOf(10, 10).split(',');
    const part = await run('ogrinfo', ['-ro', '-spat', ...box, '-oo', 'PAGE_SIZE=7', ...open], {
      timeout: 60_000,
    });
    expect(part.stdout).toContain('Feature Count: 100');
    expect(part.stdout).toContain('parcel_no: String');
  });
});
