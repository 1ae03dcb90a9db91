import { DiscoveryService } from '../../apps/api/src/discovery/run/run.service.js';
import { DiscoveryWorkService } from '../../apps/api/src/discovery/run/work.service.js';
import { type Context, systemActor } from '../../apps/api/src/platform/database/tx.js';
import { Database } from '../../apps/api/src/platform/database/database.js';
import { type Bench, secondsOf } from './bench.js';
import { openCity } from './city.js';

/** The generated town has about 0.93 buildings a property. */
const properties = Number(process.env['JARIB_BENCH_PROPERTIES'] ?? 110_000);

/** What cannot be avoided: every footprint met with the land below it, as the application's role, and nothing kept. */
const floorSql = `SELECT count(*) FROM buildings b JOIN parcels p
  ON p.ulb_id = b.ulb_id AND p.geom && b.geom AND ST_Intersects(p.geom, b.geom) WHERE b.ulb_id = $1`;

export const discoverBench: Bench = {
  name: 'discover',
  how: `The map held against the roll of a city of ${properties} properties, estimates included, beside the bare spatial join of its footprints with their land.`,
  async run(log) {
    const city = await openCity(properties, log);
    const ctx: Context = { actor: systemActor, ulbId: city.ulbId, now: new Date() };
    const service = city.app.get(DiscoveryService, { strict: false });
    const worker = city.app.get(DiscoveryWorkService, { strict: false });
    const { rows } = await city.owner.query<{ n: number }>('SELECT count(*)::int AS n FROM buildings');
    const footprints = rows[0]!.n;
    const discover = async () => {
      const { id } = await service.start(ctx, { fy: 2026 });
      const seconds = await secondsOf(() => worker.work(ctx, id));
      return { seconds, run: await service.get(ctx, id) };
    };
    try {
      await city.owner.query(
        `UPDATE discovery_runs SET status = 'cancelled' WHERE status IN ('pending', 'running')`,
      );
      const join = await secondsOf(() =>
        city.app
          .get(Database, { strict: false })
          .read(ctx, (tx) => tx.rows(floorSql, [ctx.ulbId]), { statementTimeoutMs: 600_000 }),
      );
      log(`the bare join took ${join.toFixed(1)} s`);
      const first = await discover();
      log(`first run: ${JSON.stringify(first.run.counts)}`);
      const second = await discover();
      log(`second run: ${JSON.stringify(second.run.counts.changes)}`);
      const figure = (what: string, seconds: number) => ({
        what: `${what} of ${footprints} footprints`,
        measured: `${seconds.toFixed(1)} s, ${Math.round(footprints / seconds)} footprints/s`,
        against: `${join.toFixed(1)} s for the bare join`,
        ratio: seconds / join,
        goal: 'for scale',
        met: null,
      });
      return [
        figure('a first run', first.seconds),
        figure('a run that finds the same again', second.seconds),
      ];
    } finally {
      await city.close();
    }
  },
};
