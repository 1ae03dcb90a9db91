import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { VectorTile } from '@mapbox/vector-tile';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PbfReader } from 'pbf';
import { AppModule } from '../../apps/api/src/app.module.js';
import { AssessmentService } from '../../apps/api/src/assessment/assessment.service.js';
import { PublicationService } from '../../apps/api/src/assessment/publication/publication.service.js';
import type { SimulationView } from '../../apps/api/src/assessment/simulate/view.js';
import { withChanges } from '../../apps/api/src/assessment/simulate/values/tariff-values.js';
import { TariffFilesService } from '../../apps/api/src/assessment/tariff-files/tariff-files.service.js';
import { demoLogins, loadDemo } from '../../apps/api/src/demo/demo.js';
import { createServer } from '../../apps/api/src/platform/http/server.js';
import { limits } from '../../apps/api/src/platform/limits.js';
import { JobRunner } from '../../apps/api/src/platform/queue/runner.js';
import { compileTariff } from '../../apps/api/src/tariff/compile.js';
import { figuresOf, second, smallTariff } from '../support/assessment.js';
import { createTestDatabase, testContext, type TestDatabase } from '../support/database.js';
import { type SignedIn, signInAs, signInWith, type TestServer } from '../support/server.js';

const demo = readFileSync('tariffs/in-mp/demo/assessment/2026-27.yaml', 'utf8');
/** Commercial use in zone C, 240 rupees per m2: no example of the file rests on it. */
const shopsInC = { table: 'letting_rate', row: 6, value: '260' };
/** Homes in zone C, 80 rupees per m2. */
const homesInC = (value: string) => ({ table: 'letting_rate', row: 2, value });

let db: TestDatabase;
let server: TestServer;
let officer: SignedIn;
let inWards: SignedIn;
const ulbId = 1;
const ctx = testContext(ulbId);
const properties = 1_000;

beforeAll(async () => {
  db = await createTestDatabase();
  const app = await createServer(db.config, AppModule.with(db.config));
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  server = { app, url: `http://127.0.0.1:${port}`, close: () => app.close() };
  await loadDemo(app, { properties });
  const { ulb, password } = demoLogins[0]!;
  officer = await signInWith(server, ulb, 'revenue', password);
  inWards = await signInAs(server, ctx, 'revenue-officer', { wardNumbers: ['02', '03'], ulbCode: ulb });
}, 120_000);

afterAll(async () => {
  await server?.close();
  await db?.drop();
});

afterEach(() => inline(150_000));

/** Sets from which size on a worker reckons. */
function inline(most: number): void {
  (limits as { simulationInlineProperties: number }).simulationInlineProperties = most;
}

async function ask(proposed: object, more: object = {}, by = officer): Promise<SimulationView> {
  const answer = await by.agent.post('/api/simulations').send({ fy: '2026-27', proposed, ...more });
  if (answer.status >= 300) throw new Error(`${answer.status} ${answer.text}`);
  return answer.body as SimulationView;
}

async function work(): Promise<void> {
  for (;;) {
    const { rows } = await db.owner.query<{ id: string }>("SELECT id FROM jobs WHERE status = 'pending'");
    if (!rows.length) return;
    for (const { id } of rows) await server.app.get(JobRunner, { strict: false }).run(ulbId, id);
  }
}

const sum = <T>(items: T[], of: (item: T) => string | number) =>
  items.reduce((total, item) => total + BigInt(of(item)), 0n);

const rowsOf = async () =>
  (
    await db.owner.query<{ n: string }>(
      'SELECT (SELECT count(*) FROM assessments) + (SELECT count(*) FROM postings) AS n',
    )
  ).rows[0]!.n;

describe('a simulation of one changed value', () => {
  it('reconciles on both sides, by head, ward, use and tenth, and writes no assessment and no posting', async () => {
    const before = await rowsOf();
    const { status, result } = await ask({ changes: [homesInC('90')] });
    expect(status).toBe('done');
    const { whole, heads, wards, uses, deciles, histogram } = result!;
    for (const side of ['present', 'proposed'] as const) {
      const { assessed, exempt, exceptions, totalPaise } = whole[side];
      expect(assessed + exempt + exceptions).toBe(properties);
      expect(sum(heads, (head) => head[`${side}Paise`]!)).toBe(BigInt(totalPaise));
      for (const groups of [wards, uses]) {
        expect(sum(groups, (group) => group[side].totalPaise)).toBe(BigInt(totalPaise));
        expect(sum(groups, (group) => group.properties)).toBe(BigInt(properties));
      }
    }
    const { comparable } = whole;
    expect(BigInt(comparable.changePaise)).toBeGreaterThan(0n);
    expect(comparable.up + comparable.down + comparable.same).toBe(comparable.properties);
    expect(comparable.down).toBe(0);
    expect(sum(deciles, (each) => each.proposedPaise)).toBe(BigInt(comparable.proposedPaise));
    expect(deciles).toHaveLength(10);
    expect(sum(histogram.bins, (bin) => bin.properties) + BigInt(histogram.same + histogram.fresh)).toBe(
      BigInt(comparable.properties),
    );
    expect(wards.length).toBeGreaterThan(3);
    expect(await rowsOf()).toBe(before);
  });

  it('lists the largest increases by number, never by owner', async () => {
    const { result } = await ask({ changes: [homesInC('90')] });
    const changes = result!.increases.map((mover) => BigInt(mover.changePaise));
    expect(changes).toEqual([...changes].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0)));
    expect(result!.increases[0]).toMatchObject({
      number: expect.stringMatching(/^NGP-/),
      use: 'residential',
    });
    const { rows } = await db.owner.query<{ name: string }>('SELECT DISTINCT name FROM owners');
    const text = JSON.stringify(result);
    expect(rows.filter(({ name }) => text.includes(name))).toEqual([]);
  });

  it('asked again over the same roll is answered from what is kept', async () => {
    const first = await ask({ changes: [homesInC('91')] });
    const again = await ask({ changes: [homesInC('91')] });
    expect(again.id).toBe(first.id);
    await db.owner.query("UPDATE units SET area_m2 = area_m2 + 1 WHERE use = 'residential'");
    const after = await ask({ changes: [homesInC('91')] });
    expect(after.id).not.toBe(first.id);
    expect(BigInt(after.result!.whole.present.totalPaise)).toBeGreaterThan(
      BigInt(first.result!.whole.present.totalPaise),
    );
  });

  it('asked by several at once answers each of them', async () => {
    const values = ['81', '82', '81', '83', '82', '81', '84', '81'];
    const answers = await Promise.all(values.map((value) => ask({ changes: [homesInC(value)] })));
    expect(answers.map(({ status }) => status)).toEqual(values.map(() => 'done'));
  });

  it('of a value that the tariff does not have is refused with its place', async () => {
    const body = { fy: '2026-27', proposed: { changes: [{ table: 'letting_rate', row: 999, value: '1' }] } };
    const answer = await officer.agent.post('/api/simulations').send(body);
    expect(answer.status).toBe(422);
    expect(answer.body).toMatchObject({
      type: 'urn:jarib:problem:value-unknown',
      errors: [{ where: 'changes/0' }],
    });
    const wrong = { fy: '2026-27', proposed: { changes: [homesInC('twelve')] } };
    expect((await officer.agent.post('/api/simulations').send(wrong)).body).toMatchObject({
      status: 422,
      detail: expect.stringContaining('twelve'),
    });
  });

  it('gives back the text of what was tried, for a proposal', async () => {
    const { id } = await ask({ changes: [homesInC('90')] });
    const { text } = (await officer.agent.get(`/api/simulations/${id}/proposed`)).body as { text: string };
    expect(text).toBe(demo.replace('[C, residential, 80]', '[C, residential, 90]'));
  });
});

describe('two tariffs of which one lacks codes', () => {
  it('counts apart what only one of them can reckon, instead of calling it a fall to nothing', async () => {
    const { result, proposed } = await ask({ text: smallTariff() });
    const { whole, heads, oneSided } = result!;
    expect(proposed.body).toBe('in-xx/small');
    expect(whole.proposed.exceptions).toBeGreaterThan(whole.present.exceptions);
    expect(whole.onlyPresent.properties).toBeGreaterThan(0);
    for (const [side, only] of [
      ['present', whole.onlyPresent],
      ['proposed', whole.onlyProposed],
    ] as const) {
      const { totalPaise, exceptions } = whole[side];
      expect(BigInt(totalPaise)).toBe(BigInt(whole.comparable[`${side}Paise`]) + BigInt(only.paise));
      const other = side === 'present' ? whole.onlyProposed : whole.onlyPresent;
      expect(exceptions).toBe(other.properties + whole.neither);
    }
    expect(heads.map(({ name }) => name)).toContain('cess');
    expect(heads.find(({ name }) => name === 'cess')!.presentPaise).toBeNull();
    const apart = oneSided.find(({ exceptionIn }) => exceptionIn === 'proposed')!;
    expect(apart.reasons.join()).toMatch(/unit\.use=/);
    expect(result!.decreases.map(({ propertyId }) => propertyId)).not.toContain(apart.propertyId);
  });
});

describe('a proposal', () => {
  it('is simulated by its text as it stands, with further values moved', async () => {
    const text = demo.replace('[C, residential, 80]', '[C, residential, 85]');
    const made = await officer.agent.post('/api/tariff-proposals').send({ purpose: 'Homes', text });
    const { id: proposalId } = made.body as { id: string };
    const own = await ask({ proposalId });
    expect(own.proposed).toMatchObject({ proposalId, installed: false });
    expect(own.result).toEqual((await ask({ changes: [homesInC('85')] })).result);
    const moved = await ask({ proposalId, changes: [homesInC('90')] });
    expect(moved.result).toEqual((await ask({ changes: [homesInC('90')] })).result);
    const { body } = await officer.agent.get(`/api/simulations/proposals/${proposalId}/tables`);
    const { tables } = body as { tables: { name: string; rows: { value: string }[] }[] };
    expect(tables.find(({ name }) => name === 'letting_rate')!.rows[2]!.value).toBe('85');
    const none = { fy: '2026-27', proposed: { proposalId: '0199aaaa-0000-7000-8000-000000000001' } };
    expect((await officer.agent.post('/api/simulations').send(none)).status).toBe(404);
  });
});

describe('a tariff of other years', () => {
  it('is reckoned under the nearest year that it applies to, and says so', async () => {
    const later = await ask({ text: demo.replace('from: 2026-27', 'from: 2028-29') });
    expect(later.proposed.fy).toBe('2028-29');
    expect(later.fy).toBe('2026-27');
    expect(later.result!.whole.comparable.changePaise).toBe('0');
  });
});

describe('who is bound to wards', () => {
  it('simulates those wards only, and sees no simulation beyond them', async () => {
    const whole = await ask({ changes: [homesInC('92')] });
    const own = await ask({ changes: [homesInC('92')] }, {}, inWards);
    expect(own.wardNumbers).toEqual(['02', '03']);
    expect(own.result!.wards.map(({ name }) => name)).toEqual(['02', '03']);
    const ofWards = whole.result!.wards.filter(({ name }) => name === '02' || name === '03');
    expect(own.result!.wards).toEqual(ofWards);
    expect((await inWards.agent.get(`/api/simulations/${whole.id}`)).status).toBe(404);
    const body = { fy: '2026-27', wardNumbers: ['01'], proposed: {} };
    expect((await inWards.agent.post('/api/simulations').send(body)).status).toBe(403);
  });
});

describe('the map of change', () => {
  it('draws each parcel once with its class, and the legend counts them', async () => {
    const { id } = await ask({ changes: [homesInC('120')] });
    const { body } = await officer.agent.get(`/api/simulations/${id}/map`);
    const legend = body as { parcels: number[]; notComparable: number; wards: number[] };
    const { rows } = await db.owner.query<{ n: number }>(
      'SELECT count(DISTINCT parcel_id)::int AS n FROM property_parcels',
    );
    expect(legend.parcels.reduce((a, b) => a + b, 0) + legend.notComparable).toBe(rows[0]!.n);
    expect(legend.parcels.slice(0, 4)).toEqual([0, 0, 0, 0]);
    expect(legend.wards.slice(5).reduce((a, b) => a + b, 0)).toBeGreaterThan(0);
    const found = new Map<number, number>();
    for (const feature of await tilesOf(id, 16)) found.set(feature.id!, Number(feature.properties.class));
    const counts = legend.parcels.map((_, i) => [...found.values()].filter((value) => value === i).length);
    expect(counts).toEqual(legend.parcels);
    const wards = await tilesOf(id, 11);
    expect(wards.map(({ properties: p }) => p.number)).toContain('01');
  });
});

/** All features of the tiles of a zoom that the town touches. */
async function tilesOf(id: string, z: number) {
  const { rows } = await db.owner.query<Record<'x0' | 'x1' | 'y0' | 'y1', number>>(
    `SELECT floor((ST_XMin(e) + 20037508.34) / s)::int AS x0, floor((ST_XMax(e) + 20037508.34) / s)::int AS x1,
       floor((20037508.34 - ST_YMax(e)) / s)::int AS y0, floor((20037508.34 - ST_YMin(e)) / s)::int AS y1
     FROM (SELECT ST_Extent(geom_3857) AS e, 2 * 20037508.342789244 / 2 ^ ${z} AS s FROM parcels) AS t`,
  );
  const { x0, x1, y0, y1 } = rows[0]!;
  const features = [];
  for (let x = x0; x <= x1; x += 1) {
    for (let y = y0; y <= y1; y += 1) {
      const answer = await officer.agent
        .get(`/api/simulations/${id}/map/tiles/${z}/${y}/${x}`)
        .buffer(true)
        .parse((response, done) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('end', () => done(null, Buffer.concat(parts)));
        });
      expect(answer.status).toBe(200);
      const layer = new VectorTile(new PbfReader(answer.body as Buffer)).layers.change;
      for (let i = 0; i < (layer?.length ?? 0); i += 1) features.push(layer!.feature(i));
    }
  }
  return features;
}

describe('the workbook', () => {
  it('opens in another program, with its sheets, the digests and the very sums', async () => {
    const { id, proposed, result } = await ask({ changes: [homesInC('90')] });
    const folder = mkdtempSync(join(tmpdir(), 'jarib-xlsx-'));
    try {
      const answer = await officer.agent
        .get(`/api/simulations/${id}/workbook?lang=en`)
        .buffer(true)
        .parse((response, done) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('end', () => done(null, Buffer.concat(parts)));
        });
      expect(answer.headers['content-disposition']).toMatch(/simulation-2026-27-\w+\.xlsx/);
      const file = join(folder, 'simulation.xlsx');
      writeFileSync(file, answer.body as Buffer);
      const sheet = (name: string) => {
        const args = ['-f', 'CSV', '/vsistdout/', file, name];
        return execFileSync('ogr2ogr', args, {
          encoding: 'utf8',
          env: { ...process.env, OGR_XLSX_HEADERS: 'FORCE' },
        });
      };
      const info = execFileSync('ogrinfo', ['-q', file], { encoding: 'utf8' });
      for (const name of ['Summary', 'Heads', 'Wards', 'Uses', 'Deciles', 'Largest changes', 'Method']) {
        expect(info).toContain(name);
      }
      const rupees = Number(result!.whole.proposed.totalPaise) / 100;
      expect(sheet('Summary')).toContain(String(rupees));
      expect(sheet('Wards').trim().split('\n')).toHaveLength(result!.wards.length + 1);
      expect(sheet('Method')).toContain(proposed.sha256);
      expect(sheet('Method')).toContain('letting_rate, 3: 90');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('a large city', () => {
  it('is reckoned by a worker, with progress, and ends in the same figures', async () => {
    const small = await ask({ changes: [homesInC('95')] });
    await db.owner.query('TRUNCATE simulations, simulation_sides, simulation_side_chunks');
    inline(10);
    const answer = await officer.agent
      .post('/api/simulations')
      .send({ fy: '2026-27', proposed: { changes: [homesInC('95')] } });
    expect(answer.status).toBe(202);
    const row = answer.body as SimulationView;
    expect(row).toMatchObject({ status: 'pending', result: null, chunks: { done: 0, total: 2 } });
    await work();
    const done = (await officer.agent.get(`/api/simulations/${row.id}`)).body as SimulationView;
    expect(done).toMatchObject({ status: 'done', chunks: { done: 2, total: 2 } });
    expect(done.result).toEqual(small.result);
  });

  it('that is cancelled stays so, whatever the worker does later', async () => {
    inline(10);
    const { id } = await ask({ changes: [homesInC('96')] });
    expect((await officer.agent.post(`/api/simulations/${id}/cancel`)).body).toMatchObject({
      status: 'cancelled',
    });
    await work();
    expect((await officer.agent.get(`/api/simulations/${id}`)).body).toMatchObject({
      status: 'cancelled',
      result: null,
    });
    expect((await officer.agent.post(`/api/simulations/${id}/cancel`)).status).toBe(409);
  });
});

describe('what is kept', () => {
  it('is bounded in number: old simulations, sides and rolls are forgotten', async () => {
    const most = limits as { simulationsKept: number; simulationSidesKept: number };
    const { simulationsKept, simulationSidesKept } = most;
    Object.assign(most, { simulationsKept: 3, simulationSidesKept: 2 });
    try {
      for (const value of ['81', '82', '83', '84', '85']) await ask({ changes: [homesInC(value)] });
      const count = async (table: string) =>
        (await db.owner.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`)).rows[0]!.n;
      expect(await count('simulations')).toBeLessThanOrEqual(3);
      expect(await count('simulation_sides')).toBeLessThanOrEqual(3);
      expect(await count('simulation_rolls')).toBeLessThanOrEqual(limits.simulationRollsKept + 1);
    } finally {
      Object.assign(most, { simulationsKept, simulationSidesKept });
    }
  });
});

describe('a real run under the simulated tariff', () => {
  it('posts the very total that was simulated, head by head, to the paisa', async () => {
    const { result } = await ask({ changes: [shopsInC] });
    expect(BigInt(result!.whole.comparable.changePaise)).toBeGreaterThan(0n);
    const compiled = await compileTariff(demo, 'demo.yaml');
    if (!compiled.ok) throw new Error('The demo tariff does not compile.');
    await db.owner.query('DELETE FROM tariff_files');
    const text = withChanges(compiled.tariff, demo, [shopsInC]);
    await server.app.get(TariffFilesService, { strict: false }).install(ctx, text, 'changed.yaml');
    const service = server.app.get(AssessmentService, { strict: false });
    const run = await service.start(ctx, { fy: 2026 } as never);
    await work();
    const ended = await service.get(ctx, run.id);
    const { assessed, exempt, exceptions, totalPaise } = result!.whole.proposed;
    expect(ended).toMatchObject({ status: 'computed', assessed, exempt, exceptions, totalPaise });
    await server.app
      .get(PublicationService, { strict: false })
      .publish(second(ctx), run.id, figuresOf(ended));
    await work();
    const { rows } = await db.owner.query<{ head: string; paise: string }>(
      "SELECT head, sum(amount_paise)::text AS paise FROM postings WHERE kind = 'demand' GROUP BY head ORDER BY head",
    );
    const simulated = result!.heads.map(({ name, proposedPaise }) => ({ head: name, paise: proposedPaise }));
    expect(rows).toEqual([...simulated].sort((a, b) => (a.head < b.head ? -1 : 1)));
  });
});
