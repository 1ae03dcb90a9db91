import { spawn, type ChildProcess } from 'node:child_process';
import { Problem } from '../../core/problem.js';
import type { Mapping } from './mapping.js';
import { drivers, type SourceFile } from './source-file.js';

/** The name of the file's own feature number in the converted stream. */
export const fidColumn = 'jarib_fid';
export const geometryColumn = 'jarib_geom';

/**
 * A feature whose text is larger cannot be within the limit of vertices; GDAL gives up on it instead of
 * holding it.
 */
const featureMegabytesMost = 32;

/**
 * Drivers that follow what a file says to other files, databases or the network. None may ever see an
 * upload.
 */
const driversSkipped = [
  'OGR_VRT',
  'VRT',
  'HTTP',
  'WFS',
  'OAPIF',
  'OGCAPI',
  'CSW',
  'PLSCENES',
  'NGW',
  'AmigoCloud',
  'Carto',
  'EEDA',
  'Elasticsearch',
  'PostgreSQL',
  'MySQL',
  'ODBC',
  'PGeo',
  'MSSQLSpatial',
  'GMLAS',
  'TopoJSON',
  'ESRIJSON',
];

export interface Conversion {
  /** PostgreSQL's COPY text, geometry as hexadecimal EWKB in EPSG:4326 with every digit of the source. */
  output: AsyncIterable<Buffer>;
  /**
   * Resolves when the converter ended well; rejects with a Problem that repeats what it said. Call after
   * reading.
   */
  finished(): Promise<void>;
  /** Ends the converter early. */
  stop(): void;
}

/**
 * Converts any kind of file into one stream through `ogr2ogr`, a process of its own: a file that breaks it
 * does not
 * break ours. Arguments are fixed, and drivers that would follow a link out of the file are off.
 */
export function convert(
  file: SourceFile,
  mapping: Mapping,
  options: { srs?: string; encoding?: string },
): Conversion {
  const srs = options.srs ?? mapping.srs ?? (file.kind === 'csv' && mapping.x ? 'EPSG:4326' : undefined);
  const encoding = options.encoding ?? mapping.encoding;
  const args = [
    '-f',
    'PGDump',
    '/vsistdout/',
    file.gdalPath,
    ...(mapping.sourceLayer ? [mapping.sourceLayer] : []),
    '-nln',
    'rows',
    '-preserve_fid',
    '-t_srs',
    'EPSG:4326',
    ...(srs ? ['-s_srs', srs] : []),
    '-lco',
    'CREATE_TABLE=OFF',
    '-lco',
    'LAUNDER=NO',
    '-lco',
    `FID=${fidColumn}`,
    '-lco',
    `GEOMETRY_NAME=${geometryColumn}`,
    '-lco',
    'SPATIAL_INDEX=NONE',
    '--config',
    'PG_USE_COPY',
    'YES',
    '--config',
    'OGR_GEOJSON_MAX_OBJ_SIZE',
    String(featureMegabytesMost),
    '--config',
    'GDAL_SKIP',
    driversSkipped.join(','),
    ...(encoding && file.kind === 'shapefile' ? ['--config', 'SHAPE_ENCODING', encoding] : []),
    ...(file.kind === 'csv' ? csvOptions(mapping) : []),
  ];
  const child = spawn('ogr2ogr', args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] },
  });
  const said: string[] = [];
  let saidBytes = 0;
  child.stderr.on('data', (chunk: Buffer) => {
    saidBytes += chunk.length;
    if (saidBytes < 65_536) said.push(chunk.toString('utf8'));
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  // Whoever asks is told; until then the rejection must not count as unhandled.
  ended.catch(() => undefined);
  return {
    output: child.stdout as AsyncIterable<Buffer>,
    finished: () => settle(ended, said, file),
    stop: () => stop(child),
  };
}

function csvOptions(mapping: Mapping): string[] {
  const columns = mapping.x && mapping.y ? [mapping.x, mapping.y] : null;
  return [
    ...(columns ? ['-oo', `X_POSSIBLE_NAMES=${columns[0]}`, '-oo', `Y_POSSIBLE_NAMES=${columns[1]}`] : []),
    '-oo',
    'GEOM_POSSIBLE_NAMES=wkt,WKT,geom,geometry,the_geom',
    '-oo',
    'KEEP_GEOM_COLUMNS=YES',
    '-oo',
    'EMPTY_STRING_AS_NULL=YES',
  ];
}

function stop(child: ChildProcess): void {
  child.stdout?.destroy();
  if (child.exitCode === null) child.kill('SIGKILL');
}

async function settle(ended: Promise<number | null>, said: string[], file: SourceFile): Promise<void> {
  const code = await ended.catch((error: NodeJS.ErrnoException) => {
    const missing = error.code === 'ENOENT';
    const detail = missing ? 'ogr2ogr is not installed: install the package gdal-bin.' : error.message;
    throw new Problem(503, 'converter-missing', detail);
  });
  if (code === 0) return;
  throw explain(said.join(''), file);
}

/** What GDAL said in its own words, with what to do about it. */
function explain(said: string, file: SourceFile): Problem {
  const errors = said
    .split('\n')
    .filter((line) => /^(ERROR|FAILURE)/.test(line) && !/Failed to read GeoJSON data/.test(line))
    .map((line) =>
      line
        .replace(/^ERROR \d+: /, '')
        .replaceAll(file.path, file.name)
        .slice(0, 300),
    );
  const first = errors[0] ?? said.trim().split('\n').at(-1)?.slice(0, 300) ?? 'no reason was given';
  if (/no coordinate system/.test(said)) {
    return new Problem(
      422,
      'srs-unknown',
      `${file.name} does not say in which coordinate reference system it is. Say it: --srs EPSG:32643.`,
    );
  }
  if (/too complex|too large|MAX_OBJ_SIZE/i.test(said)) {
    return new Problem(
      413,
      'feature-too-large',
      `${file.name} holds a feature of more than ${featureMegabytesMost} MB, far above the limit of
        vertices: ${first}`,
    );
  }
  if (/Couldn't fetch requested layer|FAILURE: Couldn't/.test(said)) {
    return new Problem(422, 'source-layer-unknown', `${file.name} has no such layer inside: ${first}`);
  }
  return new Problem(
    422,
    'file-unreadable',
    `${file.name} cannot be read as ${drivers[file.kind]}: ${first}`,
  );
}
