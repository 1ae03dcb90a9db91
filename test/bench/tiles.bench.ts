import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { LayerRegistry } from '../../apps/api/src/map/layer-registry.js';
import { tileColumns } from '../../apps/api/src/map/readable.js';
import { tileSql } from '../../apps/api/src/map/tiles/tiles.repository.js';
import { atLeast, atMost, type Bench, type Figure, median, plain, secondsOf } from './bench.js';
import { type City, openCity } from './city.js';
import { type Peers, startPeers } from './peers.js';
import { fetchAll, type Server, startServer, wrk } from './server.js';

const properties = Number(process.env.JARIB_BENCH_PARCELS ?? 250_000);
const clients = 8;
const rounds = 3;

interface Tile {
  x: number;
  y: number;
  parcels: number;
}

export const tilesBench: Bench = {
  name: 'tiles',
  how:
    `Vector tiles of the parcels of a generated city of ${properties} properties, ${clients} clients. Uncached: each tile asked once ` +
    `after the cache was emptied, median of ${rounds} rounds, against the same statement by a plain client (as the application's role, ` +
    'and as the owner without row-level security) and against MapServer on the same rows and columns. Cached: wrk on one tile.',
  async run(log) {
    const city = await openCity(properties, log);
    const server = await startServer(city);
    const peers = await startPeers(city);
    try {
      const figures: Figure[] = [];
      for (const z of [14, 16, 17]) {
        log(`zoom ${z}`);
        figures.push(...(await uncached(city, server, peers, z)));
      }
      log('cached');
      figures.push(...(await cached(city, server, peers)));
      return figures;
    } finally {
      await peers.stop();
      await server.stop();
      await city.close();
    }
  },
};

async function uncached(city: City, server: Server, peers: Peers, z: number): Promise<Figure[]> {
  const tiles = await tilesOf(city, z, z === 17 ? 256 : 64);
  // Our own schema does without the index that MapServer needs, which reads the copy in EPSG:3857.
  await city.owner.query('CREATE INDEX IF NOT EXISTS bench_mapserver ON parcels USING gist (geom_3857)');
  const layer = city.app.get(LayerRegistry, { strict: false }).get('parcels');
  const sql = tileSql(layer, tileColumns(layer, z), z);
  const ownerSql = sql.replaceAll('WHERE f.geom &&', `WHERE f.ulb_id = ${city.ulbId} AND f.geom &&`);
  const app = new pg.Pool({ connectionString: city.config.appUrl, max: clients });
  const owner = new pg.Pool({ connectionString: city.config.ownerUrl, max: clients });
  const addresses = tiles.map(({ x, y }) => addressOf(city, server, z, x, y));
  const peer = tiles.map(({ x, y }) => peers.mapserver?.tile(z, x, y) ?? '');
  const seconds: Record<'http' | 'client' | 'floor' | 'mapserver', number[]> = {
    http: [],
    client: [],
    floor: [],
    mapserver: [],
  };
  // Once unmeasured, so that no side pays for cold pages or new connections.
  await byClient(app, city.ulbId, sql, z, tiles);
  await fetchAll(addresses, clients, server.headers);
  for (let round = 0; round < rounds; round += 1) {
    seconds.client.push(await secondsOf(() => byClient(app, city.ulbId, sql, z, tiles)));
    await emptyCache(city);
    seconds.http.push(await secondsOf(() => fetchAll(addresses, clients, server.headers)));
    seconds.floor.push(await secondsOf(() => byClient(owner, null, ownerSql, z, tiles)));
    if (peers.mapserver) seconds.mapserver.push(await secondsOf(() => fetchAll(peer, clients)));
  }
  await app.end();
  await owner.end();
  const rate = (list: number[]): [number, string] => [(median(list) / tiles.length) * 1_000, 'ms/tile'];
  const mean = Math.round(tiles.reduce((sum, { parcels }) => sum + parcels, 0) / tiles.length);
  const about = `z${z}, ${tiles.length} tiles of ${mean} parcels`;
  return [
    atMost(`${about}: through HTTP, uncached`, rate(seconds.http), rate(seconds.client), 1.25),
    plain(`${about}: the statement by a plain client, as the application`, rate(seconds.client)),
    plain(`${about}: the statement without row-level security`, rate(seconds.floor)),
    ...(peers.mapserver
      ? [atLeast(`${about}: MapServer 8.0 against ours`, rate(seconds.mapserver), rate(seconds.http), 1)]
      : [plain(`${about}: MapServer is not installed here`, [Number.NaN, ''])]),
  ];
}

async function byClient(
  pool: pg.Pool,
  ulbId: number | null,
  sql: string,
  z: number,
  tiles: readonly Tile[],
): Promise<void> {
  let next = 0;
  const worker = async () => {
    const client = await pool.connect();
    try {
      while (next < tiles.length) {
        const { x, y } = tiles[next++]!;
        await client.query(`BEGIN READ ONLY; SELECT set_config('jarib.ulb_id', '${ulbId ?? ''}', true),
          set_config('max_parallel_workers_per_gather', '0', true)`);
        await client.query({ text: sql, values: [z, x, y, 'parcels'], binary: true } as pg.QueryConfig);
        await client.query('COMMIT');
      }
    } finally {
      client.release();
    }
  };
  await Promise.all(Array.from({ length: clients }, worker));
}

async function cached(city: City, server: Server, peers: Peers): Promise<Figure[]> {
  const tiles = await tilesOf(city, 16, 64);
  const sorted = [...tiles].sort((a, b) => a.parcels - b.parcels);
  const tile = sorted[Math.floor(sorted.length / 2)]!;
  const address = addressOf(city, server, 16, tile.x, tile.y);
  const answer = await fetch(address, { headers: server.headers });
  const bytes = Buffer.from(await answer.arrayBuffer());
  const etag = answer.headers.get('etag') ?? '';
  const again = await fetch(address, { headers: { ...server.headers, 'if-none-match': etag } });
  if (again.status !== 304) throw new Error(`A known ETag was answered with ${again.status}.`);
  const hits = wrk([address], clients, 8, server.headers);
  const notModified = await wrkNotModified(address, server, etag);
  if (hits === null) return [plain('wrk is not installed here', [Number.NaN, ''])];
  const what = `cached z16 tile of ${bytes.length} bytes, permission checked`;
  const figures = [{ ...atLeast(what, [hits, 'hits/s'], [8_000, 'hits/s'], 1), goal: 'at least 8000/s' }];
  if (notModified !== null)
    figures.push(plain('the same with its ETag known (304)', [notModified, 'hits/s']));
  if (peers.files) {
    writeFileSync(join(peers.files.folder, 'tile.mvt'), bytes);
    const nginx = wrk([`${peers.files.url}/tile.mvt`], clients, 8);
    figures.push(plain('nginx, the same bytes as a file', [nginx ?? Number.NaN, 'hits/s']));
  }
  return figures;
}

/** A 304 is no error of wrk's: it counts what is above 399. */
async function wrkNotModified(address: string, server: Server, etag: string): Promise<number | null> {
  return wrk([address], clients, 4, { ...server.headers, 'if-none-match': etag });
}

function addressOf(city: City, server: Server, z: number, x: number, y: number): string {
  return `${server.url}/ogc/${city.code}/collections/parcels/tiles/WebMercatorQuad/${z}/${y}/${x}`;
}

/** As an edit of everything would: every process drops the layer's tiles. */
async function emptyCache(city: City): Promise<void> {
  const payload = JSON.stringify({ ulbId: city.ulbId, layer: 'parcels', bbox: null, bbox3857: null });
  await city.owner.query("SELECT pg_notify('jarib_tiles', $1)", [payload]);
  await new Promise((resolve) => setTimeout(resolve, 200));
}

/** The fullest tiles of a zoom: a town's edge says little about its middle. */
async function tilesOf(city: City, z: number, most: number): Promise<Tile[]> {
  const half = 20_037_508.342789244;
  const size = (2 * half) / 2 ** z;
  const { rows } = await city.owner.query<Tile>(
    `SELECT floor((ST_X(p) + ${half}) / ${size})::int AS x, floor((${half} - ST_Y(p)) / ${size})::int AS y, count(*)::int AS parcels
     FROM (SELECT ST_PointOnSurface(geom_3857) AS p FROM parcels WHERE ulb_id = $1) AS c
     GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT $2`,
    [city.ulbId, most],
  );
  return rows;
}
