import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { VectorTile, type VectorTileFeature } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';
import { MapModule } from '../../apps/api/src/map/map.module.js';
import { TileInvalidation } from '../../apps/api/src/map/tiles/tile-invalidation.js';
import { TilesService } from '../../apps/api/src/map/tiles/tiles.service.js';
import { createTestDatabase, createTestUlb, type TestDatabase, testContext } from '../support/database.js';
import {
  changesetId,
  layers,
  origin,
  secretLayer,
  seedChangeset,
  seedParcels,
  seedToken,
} from '../support/map.js';
import { startTestServer, type TestServer } from '../support/server.js';

let db: TestDatabase;
let server: TestServer;
let second: TestServer;
let reader: string;
let officer: string;
let closed: string;

beforeAll(async () => {
  db = await createTestDatabase();
  await createTestUlb(db, 1, 'pune');
  await seedChangeset(db, 1);
  await seedParcels(db, 1, 2_000);
  const modules = [MapModule.with([...layers, secretLayer])];
  server = await startTestServer(db, modules);
  second = await startTestServer(db, modules);
  const ulb = { ulbId: 1, code: 'pune' };
  reader = await seedToken(db, ulb, { role: 'surveyor', permissions: ['layers:read'] });
  officer = await seedToken(db, ulb, {
    role: 'administrator',
    permissions: ['layers:read', 'owners:read', 'audit:read'],
  });
  closed = await seedToken(db, ulb, { role: 'administrator', permissions: ['owners:read'] });
}, 120_000);

afterAll(async () => {
  await server.close();
  await second.close();
  await db.drop();
});

/** Column and row of the tile in which a place lies. */
function tileAt(lon: number, lat: number, z: number): { x: number; y: number } {
  const sine = Math.sin((lat * Math.PI) / 180);
  return {
    x: Math.floor(((lon + 180) / 360) * 2 ** z),
    y: Math.floor((0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI)) * 2 ** z),
  };
}

/** A tile's path at the origin of the synthetic town, some tiles to the east. */
function pathOf(layer: string, z: number, east = 0): string {
  const { x, y } = tileAt(origin.lon + 0.00005, origin.lat + 0.00005, z);
  return `/ogc/pune/collections/${layer}/tiles/WebMercatorQuad/${z}/${y}/${x + east}`;
}

const get = (path: string, authorization = reader, headers: Record<string, string> = {}, on = server) =>
  fetch(`${on.url}${path}`, { headers: { authorization, ...headers } });

async function featuresOf(path: string, authorization = reader): Promise<VectorTileFeature[]> {
  const response = await get(path, authorization);
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'application/vnd.mapbox-vector-tile',
  ]);
  const tile = new VectorTile(new PbfReader(new Uint8Array(await response.arrayBuffer())));
  const [layer] = Object.values(tile.layers);
  return Array.from({ length: layer!.length }, (_, index) => layer!.feature(index));
}

describe('a tile', () => {
  it('holds the features of its ground with their integer ids and public columns', async () => {
    const features = await featuresOf(pathOf('parcels', 16));
    const { x, y } = tileAt(origin.lon + 0.00005, origin.lat + 0.00005, 16);
    const expected = await db.owner.query(
      `SELECT tile_id::text, parcel_no FROM parcels
       WHERE ulb_id = 1 AND geom_3857 && ST_TileEnvelope(16, $1, $2, margin => 64.0 / 4096) ORDER BY parcels.tile_id`,
      [x, y],
    );
    expect(features.map(({ id }) => String(id))).toEqual(expected.rows.map(({ tile_id }) => tile_id));
    expect(features.map(({ properties }) => properties['parcel_no'])).toEqual(
      expected.rows.map(({ parcel_no }) => parcel_no),
    );
    expect(Object.keys(features[0]!.properties).sort()).toEqual(['land_use', 'parcel_no', 'ward_number']);
  });

  it('never holds a personal or restricted column, whoever asks', async () => {
    const [feature] = await featuresOf(pathOf('secret_parcels', 16), officer);
    expect(Object.keys(feature!.properties)).toEqual(['parcel_no']);
    const bytes = Buffer.from(await (await get(pathOf('secret_parcels', 16), officer)).arrayBuffer());
    expect(bytes.toString('latin1')).not.toContain('owner ');
  });

  it('leaves out columns that its zoom does not show', async () => {
    const [feature] = await featuresOf(pathOf('parcels', 14));
    expect(Object.keys(feature!.properties)).toEqual(['land_use']);
  });

  it('is simpler below the zoom from which shapes are exact', async () => {
    await db.owner.query(
      `INSERT INTO parcels (ulb_id, id, changeset_id, recorded_at, geom)
       VALUES (1, gen_random_uuid(), $1, '2026-04-01',
         ST_Multi(ST_Buffer(ST_SetSRID(ST_MakePoint(74.5, 19.5), 4326), 0.0005, 'quad_segs=32')))`,
      [changesetId],
    );
    const corners = async (z: number) => {
      const { x, y } = tileAt(74.5, 19.5, z);
      const [round] = await featuresOf(`/ogc/pune/collections/parcels/tiles/WebMercatorQuad/${z}/${y}/${x}`);
      return round!.loadGeometry()[0]!.length;
    };
    expect(await corners(15)).toBeLessThan((await corners(16)) / 2);
  });

  it('comes with a strong entity tag that spares sending it again', async () => {
    const first = await get(pathOf('parcels', 16));
    const etag = first.headers.get('etag')!;
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    expect(first.headers.get('cache-control')).toBe('private, no-cache');
    const again = await get(pathOf('parcels', 16), reader, { 'if-none-match': etag });
    expect([again.status, await again.text()]).toEqual([304, '']);
    expect((await get(pathOf('parcels', 16), reader, { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('is no content where nothing lies, and below the zoom from which the layer is drawn', async () => {
    expect((await get(pathOf('parcels', 16, 500))).status).toBe(204);
    expect((await get(pathOf('parcels', 13))).status).toBe(204);
    expect((await get(pathOf('roads', 16))).status).toBe(204);
  });

  it('is missing where the grid has none, and has one address only', async () => {
    const at = (address: string) => get(`/ogc/pune/collections/parcels/tiles/WebMercatorQuad/${address}`);
    for (const address of ['23/0/0', '3/8/0', '3/0/-1', '3/1.0/1', '03/1/1', 'a/b/c', '3/1e0/1']) {
      expect([address, (await at(address)).status]).toEqual([address, 404]);
    }
    const unknown = await get('/ogc/pune/collections/canals/tiles/WebMercatorQuad/3/1/1');
    expect([unknown.status, unknown.headers.get('content-type')]).toEqual([
      404,
      expect.stringMatching(/problem/),
    ]);
  });

  it('is refused without a token, with too little permission, and of another municipality', async () => {
    await get(pathOf('parcels', 16)); // kept from here on: a hit asks for permission as well
    expect((await fetch(`${server.url}${pathOf('parcels', 16)}`)).status).toBe(401);
    expect((await get(pathOf('parcels', 16), closed)).status).toBe(403);
    expect((await get(pathOf('parcels', 16).replace('pune', 'bhopal'))).status).toBe(403);
  });

  it('of a layer that the law dates shows what is in force today', async () => {
    await db.owner.query(
      `INSERT INTO wards (ulb_id, id, changeset_id, recorded_at, number, effective, geom)
       SELECT 1, gen_random_uuid(), $1, '2026-04-01', number, effective,
         ST_Multi(ST_MakeEnvelope(73.7, 18.4, 73.9, 18.6, 4326))
       FROM (VALUES ('old', daterange('2012-01-01', '2022-07-14')), ('new', daterange('2022-07-14', NULL)))
         AS w (number, effective)`,
      [changesetId],
    );
    const features = await featuresOf(pathOf('wards', 12));
    expect(features.map(({ properties }) => properties['number'])).toEqual(['new']);
  });
});

describe('a change', () => {
  const cacheOf = (on: TestServer) => on.app.get(TilesService).cache;
  /** Which of the tiles from the origin to the east are kept. */
  const kept = (on: TestServer, z: number) =>
    [0, 1, 2, 3].filter((east) => {
      const { x, y } = tileAt(origin.lon + 0.00005, origin.lat + 0.00005, z);
      return cacheOf(on).get({ ulbId: 1, layer: 'parcels', z, x: x + east, y, day: '' }) !== undefined;
    });
  const warm = async () => {
    for (const on of [server, second]) {
      for (const z of [16, 17])
        for (const east of [0, 1, 2, 3]) await get(pathOf('parcels', z, east), reader, {}, on);
    }
  };
  const until = async (holds: () => boolean) => {
    for (let tries = 0; !holds(); tries += 1) {
      if (tries > 200) throw new Error('did not come true within 5 s');
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  };
  /** Moves the parcel of that number a little, as an edit would, and says so. */
  const move = async (parcelNo: string, fail = false) => {
    const ctx = testContext(1);
    await db.database.write(ctx, async (tx) => {
      const box = await tx.one<{ box: [number, number, number, number] }>(
        `UPDATE parcels SET geom = ST_Translate(geom, 0.00002, 0), version = version + 1 WHERE parcel_no = $1
         RETURNING ARRAY[ST_XMin(geom_3857) - 3, ST_YMin(geom_3857), ST_XMax(geom_3857), ST_YMax(geom_3857)] AS box`,
        [parcelNo],
      );
      await server.app.get(TileInvalidation).changed(tx, 'parcels', box.box);
      if (fail) throw new Error('changed my mind');
    });
  };

  it('drops exactly the tiles it touches, in every process', async () => {
    await warm();
    const before = (await get(pathOf('parcels', 17, 1))).headers.get('etag');
    const others = [0, 2].map((east) => cacheOf(server).get({ ...keyOf(17, east) }));
    expect([server, second].map((on) => kept(on, 17))).toEqual([
      [0, 1, 2, 3],
      [0, 1, 2, 3],
    ]);
    await move(await parcelInTile(17, 1));
    await until(() => [server, second].every((on) => !kept(on, 17).includes(1)));
    expect([server, second].map((on) => kept(on, 17))).toEqual([
      [0, 2, 3],
      [0, 2, 3],
    ]);
    const parent = Math.floor(keyOf(17, 1).x / 2) - keyOf(16, 0).x;
    expect(kept(server, 16)).toEqual([0, 1, 2, 3].filter((east) => east !== parent));
    expect([0, 2].map((east) => cacheOf(server).get({ ...keyOf(17, east) }))).toEqual(others);
    expect((await get(pathOf('parcels', 17, 1))).headers.get('etag')).not.toBe(before);
  });

  it('that is rolled back drops nothing', async () => {
    await warm();
    await expect(move('1', true)).rejects.toThrow('changed my mind');
    await db.database.write(testContext(1), (tx) =>
      server.app.get(TileInvalidation).changed(tx, 'roads', null),
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(kept(server, 17)).toEqual([0, 1, 2, 3]);
  });

  it('of a whole layer drops all its tiles and recounts it', async () => {
    await warm();
    const countOf = async () => {
      const list = (await (await get('/api/layers')).json()) as { name: string; count: number }[];
      return list.find(({ name }) => name === 'parcels')!.count;
    };
    const before = await countOf();
    await db.database.write(testContext(1), async (tx) => {
      await tx.run(`DELETE FROM parcels WHERE parcel_no = '1999'`);
      await server.app.get(TileInvalidation).changed(tx, 'parcels', null);
    });
    await until(() => kept(server, 17).length === 0);
    expect(await countOf()).toBe(before - 1);
  });

  it('can be missed only with the connection: then nothing is kept until there is one again', async () => {
    await warm();
    await db.owner.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'jarib-tiles' AND datname = current_database()`,
    );
    await until(() => kept(server, 17).length === 0);
    expect((await get(pathOf('parcels', 17))).status).toBe(200);
    expect(kept(server, 17)).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    await warm();
    expect(kept(server, 17)).toEqual([0, 1, 2, 3]);
  });

  const keyOf = (z: number, east: number) => {
    const { x, y } = tileAt(origin.lon + 0.00005, origin.lat + 0.00005, z);
    return { ulbId: 1, layer: 'parcels', z, x: x + east, y, day: '' };
  };
  /** A parcel that lies in that tile alone. */
  const parcelInTile = async (z: number, east: number): Promise<string> => {
    const { x, y } = keyOf(z, east);
    const { rows } = await db.owner.query<{ parcel_no: string }>(
      `SELECT parcel_no FROM parcels WHERE ulb_id = 1
         AND geom_3857 @ ST_TileEnvelope($1, $2, $3, margin => -0.1) ORDER BY parcel_no LIMIT 1`,
      [z, x, y],
    );
    return rows[0]!.parcel_no;
  };
});

describe('the description of tiles', () => {
  it('names the address, the zooms and the fields', async () => {
    const response = await get('/ogc/pune/collections/parcels/tiles/WebMercatorQuad');
    const set = (await response.json()) as Record<string, unknown> & {
      links: { rel: string; href: string }[];
    };
    const item = set.links.find(({ rel }) => rel === 'item')!.href;
    expect(item).toMatch(/WebMercatorQuad\/\{tileMatrix\}\/\{tileRow\}\/\{tileCol\}$/);
    expect(set).toMatchObject({ dataType: 'vector', minzoom: 14, maxzoom: 22 });
    expect(JSON.stringify(set)).not.toContain('ulpin');
    const { x, y } = tileAt(origin.lon, origin.lat, 16);
    const url = item.replace('{tileMatrix}', '16').replace('{tileRow}', `${y}`).replace('{tileCol}', `${x}`);
    expect((await fetch(url, { headers: { authorization: reader } })).status).toBe(200);
  });

  it('defines the grid of WebMercatorQuad', async () => {
    const set = (await (await get('/ogc/pune/tileMatrixSets/WebMercatorQuad')).json()) as {
      tileMatrices: Record<string, unknown>[];
    };
    expect(set.tileMatrices).toHaveLength(23);
    expect(set.tileMatrices[16]).toMatchObject({ id: '16', matrixWidth: 65_536, tileWidth: 256 });
  });
});
