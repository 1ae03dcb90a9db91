import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExportService, type ExportFormat } from '../../apps/api/src/map/export/export.service.js';
import { ImportService } from '../../apps/api/src/map/import/import.service.js';
import { readMapping } from '../../apps/api/src/map/import/mapping.js';
import { permissions } from '../../apps/api/src/platform/auth/permissions.js';
import { now } from '../../apps/api/src/platform/clock.js';
import { UlbsService } from '../../apps/api/src/ulbs/ulbs.service.js';
import { atMost, type Bench, type Figure, median, secondsOf } from './bench.js';
import { type City, openCity } from './city.js';

const properties = Number(process.env.JARIB_BENCH_PARCELS ?? 250_000);
const rounds = 2;
const mapping = `
layer: parcels
key: id
columns:
  parcel_no: { from: parcel_no }
  land_use: { from: land_use }
  ward_number: { from: ward_number }
  recorded_area_m2: { from: recorded_area_m2 }
`;

export const importBench: Bench = {
  name: 'import',
  how:
    `All parcels of a generated city of ${properties} properties from a file into an empty municipality, with validation, overlap report, ` +
    `history and indexes, against ogr2ogr -f PostgreSQL of the same file (which validates nothing and has one index); the slower of ${rounds}.`,
  async run(log) {
    const city = await openCity(properties, log);
    const folder = mkdtempSync(join(tmpdir(), 'jarib-import-'));
    try {
      const figures: Figure[] = [];
      for (const [format, name, goal] of [
        ['geojson', 'parcels.geojson', 2],
        ['gpkg', 'parcels.gpkg', 2],
        ['shapefile', 'parcels.shp.zip', 2],
      ] as const) {
        log(name);
        const file = await written(city, join(folder, name), format);
        figures.push({
          ...(await compare(city, file, name, goal, format === 'shapefile' ? shortNames : mapping)),
          ...(format === 'geojson' ? {} : { goal: '', met: null }),
        });
      }
      const real = join(
        process.env.JARIB_SHARED_DATA ?? '../shared/data',
        'cambridge-ma/parcels_fy2014.geojson',
      );
      if (existsSync(real)) {
        log('a real cadastre');
        figures.push(
          await compare(
            city,
            real,
            'parcels_fy2014.geojson (13,116 real parcels)',
            2,
            readFileSync('geodata/mappings/cambridge-parcels.yaml', 'utf8'),
            32619,
          ),
        );
      }
      return figures;
    } finally {
      rmSync(folder, { recursive: true, force: true });
      await city.close();
    }
  },
};

/** A shapefile's column names have ten letters. */
const shortNames = mapping
  .replace('from: ward_number', 'from: ward_numbe')
  .replace('from: recorded_area_m2', 'from: recorded_a');

const actor = { id: null, login: 'bench', permissions: new Set<string>(permissions), wardNumbers: null };

async function written(city: City, file: string, format: ExportFormat): Promise<string> {
  await city.app
    .get(ExportService, { strict: false })
    .export({ actor, ulbId: city.ulbId, now: now() }, 'parcels', format, file);
  return file;
}

async function compare(
  city: City,
  file: string,
  name: string,
  goal: number,
  yaml = mapping,
  utmSrid = 32644,
): Promise<Figure> {
  const [own, peer]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    own.push(await importOnce(city, file, yaml, utmSrid));
    peer.push(await ogrOnce(city, file));
  }
  return atMost(name, [median(own), 's'], [median(peer), 's by ogr2ogr'], goal);
}

async function importOnce(city: City, file: string, yaml: string, utmSrid: number): Promise<number> {
  const code = `bench-${now().getTime()}`;
  const asked = { code, name: 'Import bench', utmSrid };
  const ulbId = await city.app
    .get(UlbsService, { strict: false })
    .create({ actor, ulbId: 0, now: now() }, asked);
  const service = city.app.get(ImportService, { strict: false });
  const request = { layer: 'parcels', file, mapping: readMapping(yaml) };
  const seconds = await secondsOf(async () => {
    const report = await service.run({ actor, ulbId, now: now() }, request);
    if (report.counts.created === 0) throw new Error(`Nothing was imported: ${JSON.stringify(report.rules)}`);
  });
  await forget(city, ulbId);
  return seconds;
}

async function forget(city: City, ulbId: number): Promise<void> {
  const client = await city.owner.connect();
  try {
    await client.query("SET session_replication_role = 'replica'");
    for (const table of [
      'parcels',
      'map_issues',
      'search_terms',
      'import_report_rows',
      'imports',
      'changesets',
      'audit_chain',
      'audit_log',
    ]) {
      await client.query(`DELETE FROM ${table} WHERE ulb_id = $1`, [ulbId]);
    }
    await client.query('DELETE FROM ulbs WHERE ulb_id = $1', [ulbId]);
    await client.query("SET session_replication_role = 'origin'");
    await client.query('VACUUM parcels, map_issues, search_terms');
  } finally {
    client.release();
  }
}

async function ogrOnce(city: City, file: string): Promise<number> {
  const url = new URL(city.config.ownerUrl);
  const env = {
    ...process.env,
    PGHOST: url.hostname,
    PGPORT: url.port,
    PGUSER: url.username,
    PGPASSWORD: url.password,
    PG_USE_COPY: 'YES',
  };
  const source = file.endsWith('.zip') ? `/vsizip/${file}` : file;
  const args = [
    '-f',
    'PostgreSQL',
    `PG:dbname=${url.pathname.slice(1)}`,
    source,
    '-nln',
    'ogr_peer',
    '-overwrite',
    '-nlt',
    'PROMOTE_TO_MULTI',
    '-lco',
    'GEOMETRY_NAME=geom',
  ];
  const seconds = await secondsOf(async () => execFileSync('ogr2ogr', args, { env, stdio: 'ignore' }));
  await city.owner.query('DROP TABLE ogr_peer');
  return seconds;
}
