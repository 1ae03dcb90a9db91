import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AddressInfo } from 'node:net';
import { AppModule } from '../apps/api/src/app.module.js';
import { AssessmentService } from '../apps/api/src/assessment/assessment.service.js';
import { HistoryService } from '../apps/api/src/assessment/history/history.service.js';
import { PublicationService } from '../apps/api/src/assessment/publication/publication.service.js';
import { TariffFilesService } from '../apps/api/src/assessment/tariff-files/tariff-files.service.js';
import { ImportService } from '../apps/api/src/map/import/import.service.js';
import type { ImportReport } from '../apps/api/src/map/import/report.js';
import { RollImportService } from '../apps/api/src/parcels/roll-import/roll-import.service.js';
import { createServer } from '../apps/api/src/platform/http/server.js';
import { JobRunner } from '../apps/api/src/platform/queue/runner.js';
import type { Context, Tx } from '../apps/api/src/platform/database/tx.js';
import { UlbsService } from '../apps/api/src/ulbs/ulbs.service.js';
import { figuresOf, second } from './support/assessment.js';
import { createTestDatabase, type TestDatabase } from './support/database.js';
import { createUlb, mappingOf, rollMappingOf } from './support/import.js';
import { signInAs } from './support/server.js';
import { describeWithSharedData, sharedData } from './support/shared-data.js';

let db: TestDatabase;
let app: NestFastifyApplication;
let url: string;
let cambridge: Context;
let bhopal: Context;
let bengaluru: Context;

/** The layers of Cambridge in the order in which they lean on each other. */
const cambridgeFiles = [
  ['cambridge-wards', 'ELECTIONS_WardsPrecincts', '2013-04-01'],
  ['cambridge-road-nodes', 'TRANS_Intersections'],
  ['cambridge-roads', 'TRANS_Centerlines'],
  ['cambridge-poles', 'INFRA_UtilityPoles'],
  ['cambridge-streetlights', 'INFRA_StreetLights'],
  ['cambridge-streetlights-not-city-owned', 'INFRA_StreetLightsNotCityOwned'],
  ['cambridge-parcels', 'parcels_fy2014'],
] as const;

const reports: Record<string, ImportReport> = {};

function bring(ctx: Context, mappingName: string, file: string, days?: string) {
  const mapping = mappingOf(mappingName);
  const [from, to = null] = days?.split('/') ?? [];
  const effective = from ? { from, to } : undefined;
  const request = { layer: mapping.layer, file: `${sharedData}/${file}`, mapping, effective };
  return app.get(ImportService, { strict: false }).run(ctx, request);
}

const bringRoll = () =>
  app.get(RollImportService, { strict: false }).run(cambridge, {
    file: `${sharedData}/cambridge-ma/TaxFY14.csv`,
    mapping: rollMappingOf('cambridge-roll'),
  });

/** One row of plain SQL as the owner, past the application: the other side of every sum. */
async function plain<Row extends object>(sql: string, values: unknown[] = []): Promise<Row> {
  return (await db.owner.query<Row & Record<string, unknown>>(sql, values)).rows[0] as Row;
}

const linesOf = (report: ImportReport | undefined, rule: string) =>
  (report?.lines ?? []).filter((line) => line.rule === rule);

describeWithSharedData('a real city, Cambridge in Massachusetts, from its own files to its demand', () => {
  beforeAll(async () => {
    db = await createTestDatabase();
    cambridge = await createUlb(db, 1, 'cambridge', 32619);
    bhopal = await createUlb(db, 2, 'bhopal', 32643);
    bengaluru = await createUlb(db, 3, 'bengaluru', 32643);
    app = await createServer(db.config, AppModule.with(db.config));
    await app.listen(0, '127.0.0.1');
    url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
    for (const [mapping, file, from] of cambridgeFiles) {
      reports[mapping] = await bring(cambridge, mapping, `cambridge-ma/${file}.geojson`, from);
    }
    reports['roll'] = await bringRoll();
  }, 300_000);

  afterAll(async () => {
    await app?.close();
    await db?.drop();
  });

  it('accounts for all 13,116 parcels: 37 invalid ones mended and told, the empty one rejected', () => {
    const report = reports['cambridge-parcels'];
    expect(report?.counts).toMatchObject({
      read: 13_116,
      accepted: 13_115,
      repaired: 37,
      rejected: 1,
      created: 13_115,
      changed: 0,
      unchanged: 0,
    });
    const mended = linesOf(report, 'geometry-invalid');
    expect(mended).toHaveLength(37);
    expect(mended.every((line) => /area [\d.]+ m2 became [\d.]+ m2$/.test(line.message) && line.place)).toBe(
      true,
    );
    expect(linesOf(report, 'geometry-empty')).toEqual([
      expect.objectContaining({ row: 1896, outcome: 'rejected', value: 'POLYGON EMPTY' }),
    ]);
  });

  it('keeps the 67 parcels under shared marks such as --- without a number, and tells 26 more', async () => {
    const report = reports['cambridge-parcels'];
    const marks = linesOf(report, 'non-key').map((line) => line.value);
    expect(marks.filter((mark) => mark === '---' || mark === '--MD' || mark === '--R')).toHaveLength(67);
    expect(linesOf(report, 'shared-number')).toHaveLength(93 - 67);
    const { without } = await plain<{ without: number }>(
      'SELECT count(*)::int AS without FROM parcels WHERE ulb_id = 1 AND parcel_no IS NULL',
    );
    // One more has no ML at all.
    expect(without).toBe(marks.length + 1);
  });

  it('registers overlaps as open issues with their place and size, apart from the rows', async () => {
    const report = reports['cambridge-parcels'];
    // The zone's scale differs from the ellipsoid's by up to one in a thousand.
    const { open, wrong } = await plain<{ open: number; wrong: number }>(
      `SELECT count(*)::int AS open, count(*) FILTER (WHERE abs(size / (SELECT
        ST_Area(ST_Intersection(a.geom, b.geom)::geography)
         FROM parcels a, parcels b WHERE a.id = feature_id AND b.id = other_id)::numeric - 1) > 0.002)::int
           AS wrong
       FROM map_issues WHERE ulb_id = 1 AND layer = 'parcels' AND rule = 'overlap' AND status = 'open'`,
    );
    expect(open).toBe(report?.issues['overlap']);
    expect(open).toBeGreaterThan(0);
    expect(wrong).toBe(0);
  });

  it('knows the ward of 13,076 parcels and 6,100 lights by where they stand', async () => {
    const found = await plain<{ lights: number; centroids: number; agree: number }>(
      `SELECT (SELECT count(*)::int FROM streetlights WHERE source_key LIKE 'cambridge/%'
        AND ward_number IS NOT NULL) AS lights,
         (SELECT count(*)::int FROM parcels p WHERE EXISTS (SELECT FROM wards w
           WHERE w.ulb_id = 1 AND ST_Intersects(w.geom, ST_Centroid(p.geom)))) AS centroids,
         (SELECT count(*)::int FROM parcels p JOIN wards w ON w.ulb_id = 1 AND w.number = p.ward_number
           AND ST_Intersects(w.geom, ST_PointOnSurface(p.geom))) AS agree`,
    );
    expect(found.lights).toBe(6_100);
    expect(found.centroids).toBe(13_076);
    // A parcel belongs to the ward of a point that lies on it; the centroid of a bent one may lie beside it.
    expect(found.agree).toBe(13_115 - (reports['cambridge-parcels']?.issues['outside-ward'] ?? 0));
    expect(reports['cambridge-streetlights']?.issues['outside-ward']).toBe(6_117 - 6_100);
  });

  it('takes all 6,117 lights and names each fixture type that is none', async () => {
    const report = reports['cambridge-streetlights'];
    expect(report?.counts).toMatchObject({ read: 6_117, accepted: 6_117, rejected: 0 });
    const faulty = linesOf(report, 'unknown-code').map((line) => line.value);
    expect(faulty.filter((value) => value === '`')).toHaveLength(26);
    expect(new Set(faulty)).toEqual(new Set(['`', '?', 'A2 / A3', 'A2 / A3F']));
    expect(faulty).toHaveLength(43);
  });

  it('brings the whole roll: 27,528 rows, 27,477 on land, the other 51 listed by line', async () => {
    const report = reports['roll'];
    expect(report?.counts).toMatchObject({ read: 27_528, accepted: 27_528, rejected: 0, created: 27_528 });
    const landless = [...linesOf(report, 'unknown-parcel'), ...linesOf(report, 'no-parcel-number')];
    expect(landless).toHaveLength(51);
    expect(landless.find((line) => line.row === 637)).toMatchObject({ value: '16-29', column: 'parcel' });
    expect(landless.find((line) => line.row === 19_191)).toMatchObject({
      value: null,
      rule: 'no-parcel-number',
    });
    const land = await plain<{ joined: number; most: number; reasons: object }>(
      `SELECT (SELECT count(DISTINCT property_id)::int FROM property_parcels WHERE ulb_id = 1) AS joined,
         (SELECT max(n)::int FROM (SELECT count(*) AS n FROM property_parcels
           WHERE ulb_id = 1 GROUP BY parcel_id) AS p) AS most,
         (SELECT jsonb_object_agg(reason, n) FROM (SELECT no_parcel_reason AS reason, count(*) AS n
           FROM properties
           WHERE no_parcel_reason IS NOT NULL GROUP BY 1) AS r) AS reasons`,
    );
    expect(land).toEqual({ joined: 27_477, most: 438, reasons: { unknown_key: 50, no_key: 1 } });
  });

  it('lists the 18 rows whose lot number is ambiguous, each one account on all of its parcels', async () => {
    const ambiguous = linesOf(reports['roll'], 'ambiguous-parcel');
    expect(ambiguous).toHaveLength(18);
    const { several } = await plain<{ several: number }>(
      `SELECT count(*)::int AS several FROM (SELECT property_id
        FROM property_parcels GROUP BY 1 HAVING count(*) > 1) AS p`,
    );
    expect(several).toBe(18);
  });

  it('keeps the total value to the dollar, and every row of value 0 or below it', async () => {
    const value = await plain<{ total: string; zero: number; below: number }>(
      `SELECT sum((facts->>'total_value')::numeric)::text AS total,
         count(*) FILTER (WHERE (facts->>'total_value')::numeric = 0)::int AS zero,
         count(*) FILTER (WHERE (facts->>'total_value')::numeric < 0)::int AS below FROM properties
           WHERE ulb_id = 1`,
    );
    expect(value).toEqual({ total: '38333078801', zero: 1_503, below: 42 });
    const units = linesOf(reports['roll'], 'negative').filter((line) => line.column === 'unit_capital_value');
    expect(units).toHaveLength(42);
  });

  it('converts areas exactly: 5,000 square feet are 464.5152 m2', async () => {
    const { area } = await plain<{ area: string }>(
      "SELECT land_area_m2::text AS area FROM properties WHERE ulb_id = 1 AND number = '7-19-1'",
    );
    // 11,182.000104 ft2 at 0.09290304 m2, rounded once to the column's four decimals.
    expect(area).toBe('1038.8418');
  });

  it('changes nothing when the same files come again, and says so', async () => {
    const before = await versions();
    for (const [mapping, file, from] of cambridgeFiles) {
      const again = await bring(cambridge, mapping, `cambridge-ma/${file}.geojson`, from);
      expect(again).toMatchObject({ result: 'unchanged', changesetId: null });
      expect(again.counts).toMatchObject({ created: 0, changed: 0, retired: 0 });
      expect(again.counts.unchanged).toBe(reports[mapping]?.counts.created);
    }
    const roll = await bringRoll();
    expect(roll).toMatchObject({
      result: 'unchanged',
      counts: { created: 0, changed: 0, unchanged: 27_528 },
    });
    expect(await versions()).toEqual(before);
  }, 180_000);

  it('assesses the whole roll, and the sum agrees with one reckoned apart in plain SQL', async () => {
    const tariffs = app.get(TariffFilesService, { strict: false });
    const yaml = readFileSync('tariffs/us-ma/cambridge/assessment/2013-14.yaml', 'utf8');
    await tariffs.install(cambridge, yaml, '2013-14.yaml');
    const assessments = app.get(AssessmentService, { strict: false });
    const { id } = await assessments.start(cambridge, { fy: 2013 });
    await workOff(1);
    const draft = await assessments.get(cambridge, id);
    expect(draft).toMatchObject({ status: 'computed', properties: 27_528 });
    const none = await plain<{ n: number }>("SELECT count(*)::int AS n FROM postings WHERE kind = 'demand'");
    expect(none.n).toBe(0);
    await app.get(PublicationService, { strict: false }).publish(second(cambridge), id, figuresOf(draft));
    await workOff(1);
    const run = await assessments.get(cambridge, id);
    expect(run).toMatchObject({ status: 'published', properties: 27_528 });
    expect(run.assessed + run.exempt + run.exceptions).toBe(27_528);
    const apart = await plain<{ cents: string; assessed: number; exempt: number; exceptions: number }>(
      reckonedApart,
    );
    expect({ ...apart, cents: run.totalPaise }).toEqual({
      cents: apart.cents,
      assessed: run.assessed,
      exempt: run.exempt,
      exceptions: run.exceptions,
    });
    const { posted } = await plain<{ posted: string }>(
      "SELECT sum(amount_paise)::text AS posted FROM postings WHERE ulb_id = 1 AND kind = 'demand'",
    );
    expect(posted).toBe(apart.cents);
    const replay = (tx: Tx) => app.get(HistoryService, { strict: false }).verify(tx, 500);
    expect(await db.database.read(cambridge, replay)).toEqual({ replayed: 500, faults: [] });
  }, 300_000);

  it('shows GDAL the same numbers of features through the running server', async () => {
    const officer = await signInAs({ app, url, close: () => app.close() }, cambridge, 'commissioner', {
      ulbCode: 'cambridge',
    });
    const { body } = await officer.agent.post('/api/tokens').send({ name: 'gdal' }).expect(201);
    const count = async (layer: string) => {
      const open = ['-ro', '-so', '-oo', `USERPWD=${officer.login}:${body.token}`];
      const { stdout } = await promisify(execFile)('ogrinfo', [...open, `OAPIF:${url}/ogc/cambridge`, layer]);
      return Number(/Feature Count: (\d+)/.exec(stdout)?.[1]);
    };
    expect(await count('parcels')).toBe(13_115);
    expect(await count('streetlights')).toBe(6_117 + 1_590);
    expect(await count('roads')).toBe(2_642);
    expect(await count('wards')).toBe(33);
  }, 120_000);

  it('takes the wards and zones of Bhopal into a municipality that sees nothing of Cambridge', async () => {
    const zones = await bring(bhopal, 'bhopal-zones', 'india-wards/bhopal_zones.geojson', '2014-04-01');
    expect(zones.counts).toMatchObject({ read: 19, accepted: 19 });
    const wards = await bring(bhopal, 'bhopal-wards', 'india-wards/bhopal_wards.geojson', '2014-04-01');
    expect(wards.counts).toMatchObject({ read: 86, accepted: 86, created: 85, merged: 1, rejected: 0 });
    expect(linesOf(wards, 'height-dropped')).toHaveLength(86);
    const seen = await db.database.read(bhopal, (tx) =>
      tx.one(
        'SELECT (SELECT count(*)::int FROM parcels) AS parcels, (SELECT count(*)::int FROM wards) AS wards',
      ),
    );
    expect(seen).toEqual({ parcels: 0, wards: 85 });
  });

  it('knows in which of the wards of 2012 or 2022 a place in Bengaluru lay on a day', async () => {
    const files = 'india-wards/bengaluru_wards';
    const old = await bring(
      bengaluru,
      'bengaluru-wards-2012',
      `${files}_2012_198.geojson`,
      '2012-01-01/2022-07-01',
    );
    const now = await bring(bengaluru, 'bengaluru-wards-2022', `${files}_2022_243.geojson`, '2022-07-01');
    expect([old.counts.accepted, now.counts.accepted]).toEqual([198, 243]);
    const at = (on: string) =>
      app.get(UlbsService, { strict: false }).wardAt(bengaluru, { lon: 77.5946, lat: 12.9716, on });
    const expected = await plain<{ old: string; now: string }>(
      `SELECT max(number) FILTER (WHERE NOT upper_inf(effective))
        AS old, max(number) FILTER (WHERE upper_inf(effective)) AS now
       FROM wards WHERE ulb_id = 3 AND ST_Intersects(geom, ST_SetSRID(ST_MakePoint(77.5946, 12.9716), 4326))`,
    );
    expect((await at('2022-06-30')).number).toBe(expected.old);
    expect((await at('2022-07-01')).number).toBe(expected.now);
    expect(expected.old).not.toBe(expected.now);
  });
});

/** Version numbers and changesets of everything that the files brought. */
async function versions(): Promise<object> {
  return plain(
    `SELECT (SELECT sum(version) FROM parcels) AS parcels, (SELECT sum(version) FROM streetlights) AS lights,
       (SELECT sum(version) FROM roads) AS roads, (SELECT sum(version) FROM properties) AS properties,
       (SELECT count(*) FROM changesets) AS changesets, (SELECT count(*) FROM parcels_history) AS history,
       (SELECT count(*) FROM property_history) AS records, (SELECT count(*) FROM map_issues) AS issues`,
  );
}

/** Does all jobs that wait, as a worker would. */
async function workOff(ulbId: number): Promise<void> {
  const runner = app.get(JobRunner, { strict: false });
  for (;;) {
    const { rows } = await db.owner.query<{ id: string }>(
      "SELECT id FROM jobs WHERE ulb_id = $1 AND status = 'pending' ORDER BY id",
      [ulbId],
    );
    if (rows.length === 0) return;
    for (const { id } of rows) await runner.run(ulbId, id);
  }
}

/** The law of the tariff file written out by hand over the rows of the roll, in cents. */
const reckonedApart = `
  WITH roll AS (
    SELECT u.use, u.capital_value AS value,
      CASE WHEN u.use LIKE '9%' THEN 0
        WHEN substr(CASE WHEN u.use LIKE '0%' THEN substr(u.use, 2) ELSE u.use END, 1, 1) IN ('1', '2')
          THEN 0.00838
        ELSE 0.02044 END AS rate
    FROM properties p JOIN units u ON u.property_id = p.id WHERE p.ulb_id = 1)
  SELECT sum(greatest(round(value * rate, 2), 25) * 100) FILTER (WHERE taxed)::bigint::text AS cents,
    count(*) FILTER (WHERE taxed)::int AS assessed,
    count(*) FILTER (WHERE NOT taxed AND value IS NOT NULL)::int AS exempt,
    count(*) FILTER (WHERE value IS NULL)::int AS exceptions
  FROM roll CROSS JOIN LATERAL (SELECT value IS NOT NULL AND use NOT LIKE '9%' AND NOT (use = '199'
    AND value = 0)
    AS taxed) AS t`;
