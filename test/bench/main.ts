import 'reflect-metadata';
import pg from 'pg';
import { assessBench } from './assess.bench.js';
import { discoverBench } from './discover.bench.js';
import { featuresBench } from './features.bench.js';
import { importBench } from './import.bench.js';
import { simulateBench } from './simulate.bench.js';
import { tilesBench } from './tiles.bench.js';
import { townBench } from './town.bench.js';
import type { Bench, Figure } from './bench.js';
import { machine, writeResults } from './report.js';

/** Runs all benches or those named, prints the figures, and writes test/bench/results.md when all were run. */
const benches: Bench[] = [
  townBench,
  tilesBench,
  featuresBench,
  importBench,
  assessBench,
  simulateBench,
  discoverBench,
];
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !benches.some((bench) => bench.name === name));
if (unknown.length) {
  console.error(`No bench ${unknown.join(', ')}. There are: ${benches.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

const done: { bench: Bench; figures: Figure[] }[] = [];
for (const bench of benches.filter(({ name }) => !asked.length || asked.includes(name))) {
  console.log(`\n${bench.name}`);
  const figures = await bench.run((line) => console.log(`  ... ${line}`));
  for (const { what, measured, against, ratio, goal, met } of figures) {
    const verdict = met === null ? '' : met ? ', met' : ', NOT MET';
    console.log(
      `  ${what}: ${measured}${against ? ` / ${against}` : ''}${ratio === null ? '' : ` = ${ratio.toFixed(2)} (${goal}${verdict})`}`,
    );
  }
  done.push({ bench, figures });
}

const client = new pg.Client({ connectionString: process.env.DATABASE_URL });
await client.connect();
const { rows } = await client.query<{ version: string }>("SELECT split_part(version(), ' (', 1) AS version");
await client.end();
// A bench run alone replaces its own table; the others stay as they were measured.
writeResults(machine(rows[0]?.version ?? ''), new Date().toISOString().slice(0, 10), done);
