import { readFileSync } from 'node:fs';
import type { SimulationView } from '../../apps/api/src/assessment/simulate/view.js';
import { atMost, type Bench, type Figure, median, plain, secondsOf } from './bench.js';
import { type City, openCity } from './city.js';
import { type Server, startServer } from './server.js';

const properties = Number(process.env.JARIB_BENCH_SIMULATED ?? 100_000);
const sliderGoalSeconds = 3;
/** A slider that is moved: each value was never asked for before. */
const moves = Array.from({ length: 15 }, (_, i) => `${81 + i}.5`);

export const simulateBench: Bench = {
  name: 'simulate',
  how:
    `The answer to a moved slider (the rate of homes in zone C of the demo tariff) on a city of ${properties} properties, from the ` +
    'request to the last byte of the answer with sums, deciles, histogram and largest changes, through HTTP, one asker. ' +
    'Processor time is that of server and database together.',
  async run(log) {
    const city = await openCity(properties, log);
    await forget(city);
    const server = await startServer(city);
    try {
      return await measure(city, server, log);
    } finally {
      await server.stop();
      await city.close();
    }
  },
};

async function measure(city: City, server: Server, log: (line: string) => void): Promise<Figure[]> {
  log('the first answer: both tariffs');
  const cold = await secondsOf(() => ask(server, '80.5'));
  log('sliders');
  const taken: number[] = [];
  const busy = await cpuSeconds(city, server);
  for (const value of moves) taken.push(await secondsOf(() => ask(server, value)));
  const cpu = ((await cpuSeconds(city, server)) - busy) / moves.length;
  const again = await secondsOf(() => ask(server, moves[0]!));
  log('maps');
  const maps: number[] = [];
  for (const value of moves.slice(-4)) {
    const { id } = await ask(server, value);
    maps.push(await secondsOf(() => get(server, `/api/simulations/${id}/map`)));
  }
  const goal: [number, string] = [sliderGoalSeconds, 's'];
  return [
    atMost('moved slider, median', [median(taken), 's'], goal, 1),
    atMost('moved slider, slowest', [Math.max(...taken), 's'], goal, 1),
    plain('processor time of a moved slider', [cpu, 's']),
    plain('first answer, both tariffs', [cold, 's']),
    plain('a value that was asked before', [again, 's']),
    plain('drawing the map of an answer, median', [median(maps), 's']),
    plain('machine: load while measured', [load(), '']),
  ];
}

async function ask(server: Server, value: string): Promise<SimulationView> {
  const body = { fy: '2026-27', proposed: { changes: [{ table: 'letting_rate', row: 2, value }] } };
  const answer = await fetch(`${server.url}/api/simulations`, {
    method: 'POST',
    headers: { ...server.headers, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const view = (await answer.json()) as SimulationView;
  const whole = view.result?.whole;
  if (whole?.properties !== properties)
    throw new Error(`${answer.status} ${JSON.stringify(view).slice(0, 400)}`);
  return view;
}

async function get(server: Server, path: string): Promise<void> {
  const answer = await fetch(`${server.url}${path}`, { headers: server.headers });
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  await answer.arrayBuffer();
}

/** Nothing reckoned before: the first answer is a first one. */
async function forget(city: City): Promise<void> {
  await city.owner.query(
    `TRUNCATE simulations, simulation_rolls, simulation_roll_chunks, simulation_sides, simulation_side_chunks, simulation_cells`,
  );
}

/** Processor seconds of the server and of the database's processes so far, as Linux tells them. */
async function cpuSeconds(city: City, server: Server): Promise<number> {
  const { rows } = await city.owner.query<{ pid: number }>(
    'SELECT pid FROM pg_stat_activity WHERE datname = current_database()',
  );
  const ticks = [server.pid, ...rows.map(({ pid }) => pid)].map((pid) => {
    try {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return Number(fields[11]) + Number(fields[12]);
    } catch {
      return 0;
    }
  });
  return ticks.reduce((sum, each) => sum + each, 0) / 100;
}

function load(): number {
  return Number(readFileSync('/proc/loadavg', 'utf8').split(' ')[0]);
}
