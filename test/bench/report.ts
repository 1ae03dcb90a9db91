import { execFileSync } from 'node:child_process';
import { cpus, totalmem } from 'node:os';
import { writeFileSync } from 'node:fs';
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

/** Writes the results as a page: one table a bench, with the command that makes it again. */
export function writeResults(
  file: string,
  about: string[],
  measuredOn: string,
  done: { bench: Bench; figures: Figure[] }[],
): void {
  const tables = done.flatMap(({ bench, figures }) => [
    `## ${bench.name}`,
    '',
    `${bench.how} Again: \`${settings()}npm run bench -- ${bench.name}\``,
    '',
    '| what | measured | against | ratio | goal | met |',
    '| --- | --- | --- | --- | --- | --- |',
    ...figures.map(
      ({ what, measured, against, ratio, goal, met }) =>
        `| ${what} | ${measured} | ${against} | ${ratio === null ? '' : ratio.toFixed(2)} | ${goal} | ${met === null ? '' : met ? 'yes' : '**no**'} |`,
    ),
    '',
  ]);
  const head = [
    '# What was measured',
    '',
    `On ${measuredOn}. Both sides of each ratio come from the same run.`,
    '',
  ];
  writeFileSync(file, [...head, ...about.map((line) => `- ${line}`), '', ...tables].join('\n'));
}
