import { atLeast, type Bench, type Figure, plain } from './bench.js';
import { type City, openCity } from './city.js';
import { startPeers } from './peers.js';
import { startServer, wrk } from './server.js';

const properties = Number(process.env.JARIB_BENCH_PARCELS ?? 250_000);
const clients = 8;
const seconds = 8;

export const featuresBench: Bench = {
  name: 'features',
  how:
    `OGC API Features of a generated city of ${properties} properties: 100 parcels of a box that holds about 3,000 of them, ` +
    `${clients} clients, ${seconds} s of wrk on 40 boxes in turn; MapServer and QGIS Server with two processes each on the same table.`,
  async run(log) {
    const city = await openCity(properties, log);
    const server = await startServer(city);
    const peers = await startPeers(city);
    try {
      const boxes = await boxesOf(city, 40);
      const ours = boxes.map(
        (box) => `${server.url}/ogc/${city.code}/collections/parcels/items?f=json&limit=100&bbox=${box}`,
      );
      log('ours');
      const own = wrk(ours, clients, seconds, { ...server.headers, accept: 'application/geo+json' });
      if (own === null) return [plain('wrk is not installed here', [Number.NaN, ''])];
      const figures: Figure[] = [];
      for (const [name, peer] of [
        ['MapServer 8.0', peers.mapserver],
        ['QGIS Server 3.22', peers.qgis],
      ] as const) {
        if (!peer) {
          figures.push(plain(`${name} is not installed here`, [Number.NaN, '']));
          continue;
        }
        log(name);
        const theirs = wrk(
          boxes.map((box) => peer.items(box)),
          clients,
          seconds,
        );
        if (theirs !== null)
          figures.push(atLeast(`ours against ${name}`, [own, 'requests/s'], [theirs, 'requests/s'], 3));
      }
      return figures;
    } finally {
      await peers.stop();
      await server.stop();
      await city.close();
    }
  },
};

/** Boxes about parcels taken evenly from the whole town. */
async function boxesOf(city: City, count: number): Promise<string[]> {
  const { rows } = await city.owner.query<{ x: number; y: number }>(
    `SELECT ST_X(ST_PointOnSurface(geom)) AS x, ST_Y(ST_PointOnSurface(geom)) AS y FROM (
       SELECT geom, row_number() OVER (ORDER BY id) AS n, count(*) OVER () AS total FROM parcels WHERE ulb_id = $1) p
     WHERE n % greatest(1, total / $2) = 0 ORDER BY n LIMIT $2`,
    [city.ulbId, count],
  );
  const half = 0.004;
  return rows.map(({ x, y }) =>
    [x - half, y - half, x + half, y + half].map((value) => value.toFixed(6)).join(','),
  );
}
