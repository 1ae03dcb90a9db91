import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench, Figure } from './bench.js';

function tool(command: string, ...args: string[]): string {
  try {
    return (
      execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).split('\n')[0] ??
      ''
    );
  } catch {
    return `${command}: not here`;
  }
}

/** What the figures were measured on; a ratio travels between machines, seconds do not. */
export function machine(databaseVersion: string): string[] {
  const processors = cpus();
  return [
    `${processors.length} x ${processors[0]?.model ?? 'unknown processor'}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
    `Node ${process.versions.node}; ${databaseVersion}`,
    tool('redis-server', '--version').slice(0, 40),
    tool('ogr2ogr', '--version'),
  ];
}

/** The settings of this run, so that the command beside a table makes the same table again. */
function settings(): string {
  const given = ['JARIB_BENCH_PARCELS', 'JARIB_BENCH_PROPERTIES'].filter((name) => process.env[name]);
  return given.map((name) => `${name}=${process.env[name]} `).join('');
}

const folder = 'test/bench/results';
const page = 'test/bench/results.md';

/** Writes each bench's table into a file of its own, and all of them into one page, each with the command that makes it again. */
export function writeResults(
  about: string[],
  measuredOn: string,
  done: { bench: Bench; figures: Figure[] }[],
): void {
  mkdirSync(folder, { recursive: true });
  for (const { bench, figures } of done) {
    writeFileSync(join(folder, `${bench.name}.md`), tableOf(bench, figures, measuredOn));
  }
  const tables = readdirSync(folder)
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8'));
  const head = ['# What was measured', '', 'Both sides of each ratio come from the same run.', ''];
  writeFileSync(page, [...head, ...about.map((line) => `- ${line}`), '', ...tables].join('\n'));
}

function tableOf(bench: Bench, figures: Figure[], measuredOn: string): string {
  const rows = figures.map(({ what, measured, against, ratio, goal, met }) => {
    const verdict = met === null ? '' : met ? 'yes' : '**no**';
    return `| ${what} | ${measured} | ${against} | ${ratio === null ? '' : ratio.toFixed(2)} | ${goal} | ${verdict} |`;
  });
  return [
    `## ${bench.name}`,
    '',
    `${bench.how} Measured on ${measuredOn}; again: \`${settings()}npm run bench -- ${bench.name}\``,
    '',
    '| what | measured | against | ratio | goal | met |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
