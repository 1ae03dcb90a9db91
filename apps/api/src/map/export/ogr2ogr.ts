import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { Problem } from '../../core/problem.js';
import type { Layer } from '../layer.js';
import { pour } from './pour.js';
import { ogrSelection, type OutputDriver, type OutputField } from './export.repository.js';

/** The file to be written. */
export interface OgrOutput {
  layer: Layer;
  fields: OutputField[];
  driver: OutputDriver;
  path: string;
}

/**
 * Writes `rows` (CSV with a header and a column `geom` of hexadecimal WKB) through `ogr2ogr`, a process of its
 * own that never learns where the database is. Nothing is held in memory: it reads as it writes, and the source waits.
 * Throws a Problem with GDAL's own words where it fails.
 */
export async function writeWithOgr(rows: Readable, output: OgrOutput): Promise<void> {
  const child = spawn('ogr2ogr', argumentsOf(output), {
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { PATH: process.env['PATH'], CPL_LOG_ERRORS: 'ON' },
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => {
    if (said.length < 65_536) said += chunk.toString('utf8');
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const [fed, exit] = await Promise.allSettled([pour(rows, child.stdin), ended]);
  if (exit.status === 'rejected') throw missing(exit.reason as NodeJS.ErrnoException);
  // A pipe that broke is the other end's fault, anything else is the source's and came first.
  if (fed.status === 'rejected' && (fed.reason as NodeJS.ErrnoException).code !== 'EPIPE') throw fed.reason;
  if (exit.value !== 0) throw failed(said);
  if (fed.status === 'rejected') throw fed.reason;
}

function argumentsOf({ layer, fields, driver, path }: OgrOutput): string[] {
  return [
    ...['-f', driver, path, 'CSV:/vsistdin/'],
    ...['-oo', 'AUTODETECT_TYPE=NO', '-oo', 'EMPTY_STRING_AS_NULL=YES'],
    ...['-oo', 'GEOM_POSSIBLE_NAMES=geom', '-oo', 'KEEP_GEOM_COLUMNS=NO'],
    ...['-dialect', 'OGRSQL', '-sql', ogrSelection(fields, driver)],
    ...['-nln', layer.name, '-nlt', layer.geometry, '-a_srs', 'EPSG:4326'],
    ...(driver === 'GPKG' ? ['-lco', 'GEOMETRY_NAME=geom'] : ['-lco', 'ENCODING=UTF-8']),
  ];
}

function missing(error: NodeJS.ErrnoException): Error {
  if (error.code !== 'ENOENT') return error;
  return new Problem(503, 'converter-missing', 'ogr2ogr is not installed: install the package gdal-bin.');
}

function failed(said: string): Problem {
  const line =
    said.split('\n').find((text) => text.startsWith('ERROR')) ?? said.trim().split('\n').at(-1) ?? '';
  return new Problem(500, 'converter-failed', `ogr2ogr could not write the file: ${line.slice(0, 300)}`);
}

/** Field names of a shapefile: ten characters at most, unique without regard to case. In the order of `names`. */
export function shapefileNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let short = name.slice(0, 10);
    for (let turn = 1; taken.has(short.toLowerCase()); turn += 1) {
      short = `${name.slice(0, 10 - String(turn).length - 1)}_${turn}`;
    }
    taken.add(short.toLowerCase());
    return short;
  });
}
