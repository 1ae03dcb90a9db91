import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AddressInfo } from 'node:net';
import { AppModule } from '../../apps/api/src/app.module.js';
import { TariffFilesService } from '../../apps/api/src/assessment/tariff-files/tariff-files.service.js';
import type { Context } from '../../apps/api/src/platform/database/tx.js';
import { createServer } from '../../apps/api/src/platform/http/server.js';
import { Random } from '../../geodata/random.js';
import { addProperties, smallTariff } from '../support/assessment.js';
import { createTestDatabase, createTestUlb, type TestDatabase } from '../support/database.js';
import { type SignedIn, signInAs, type TestServer } from '../support/server.js';

/** Houses of 50 to 549 m2 in two wards; the tax is eleven rupees a square metre. */
const houses = 400;
let db: TestDatabase;
let server: TestServer;
let ctx: Context;
let officer: SignedIn;

beforeAll(async () => {
  db = await createTestDatabase();
  ctx = await createTestUlb(db, 1);
  const app = await createServer(db.config, AppModule.with(db.config) as never);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  server = { app, url: `http://127.0.0.1:${port}`, close: () => app.close() };
  await app.get(TariffFilesService, { strict: false }).install(ctx, smallTariff(), 'small.yaml');
  officer = await signInAs(server, ctx, 'revenue-officer');
  const roll = Array.from({ length: houses }, (_, i) => ({
    number: `S${i}`,
    ward: i % 2 ? '2' : '1',
    units: [{ use: 'residential', areaM2: 50 + ((i * 37) % 500) }],
  }));
  await addProperties(db, ctx, roll);
  await publishTaxes();
});
afterAll(async () => {
  await server?.close();
  await db?.drop();
});

/** Published assessments of 2026-27, as a run would leave them, and a later draft that must not count. */
async function publishTaxes(): Promise<void> {
  await db.owner.query(
    `WITH r AS (INSERT INTO assessment_runs (ulb_id, id, fy, effective_on, tariff_sha256, status, created_by_login,
         created_at, published_by_login, publish_asked_at, published_at)
       SELECT 1, uuid_v7(), 2026, '2026-04-01', sha256, 'published', 'a', now(), 'b', now(), now() FROM tariff_files RETURNING id, tariff_sha256)
     INSERT INTO assessments (ulb_id, property_id, fy, assessment_no, run_id, tariff_sha256, effective_on, ward_number,
       exempt, total_paise, inputs, steps)
     SELECT 1, u.property_id, 2026, 1, r.id, r.tariff_sha256, '2026-04-01', '1', false, (u.area_m2 * 1100)::bigint, '{}', '{}'
     FROM units u, r`,
  );
}

/** A file of sales whose ratios are known: `ratio(i)` is the tax of the i-th house by its price. */
function salesFile(ratio: (i: number) => number, from = 0, until = houses): string {
  const lines = Array.from({ length: until - from }, (_, k) => {
    const i = from + k;
    const tax = (50 + ((i * 37) % 500)) * 11;
    return `S${i},${String(1 + (i % 28)).padStart(2, '0')}-06-2025,${(tax / ratio(i)).toFixed(2)},DOC-${i},yes,`;
  });
  return `property,sold_on,price,document,arms_length,reason\n${lines.join('\n')}\n`;
}
const bring = (text: string, dryRun = false) =>
  officer.agent.post('/api/sales/imports').send({ fileName: 'sales.csv', text, dryRun });
const report = (more = '') => officer.agent.get(`/api/equity?fy=2026-27&basis=tax${more}`);

describe('a roll without prices', () => {
  it('has no study, and says how many sales there are', async () => {
    const { status, body } = await report();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      overall: null,
      byWard: [],
      histogram: [],
      counts: { registered: 0, compared: 0 },
    });
  });
});

describe('a file of sales', () => {
  it('is tried first, and each row that cannot be taken is told', async () => {
    const text = `property,sold_on,price,document,arms_length,reason
S1,2025-06-01,"12,00,000.50",D1,yes,
S999,2025-06-01,100,D2,,
S2,2025-13-01,0,,no,
S3,2025-06-01,5000000.001,D4,maybe,
S1,2025-06-01,1300000,D1,yes,
`;
    const { body } = await bring(text, true);
    expect(body).toMatchObject({ result: 'dry-run', counts: { read: 5, accepted: 1, rejected: 4 } });
    const faults = body.lines.map((line: { row: number; column: string }) => `${line.row} ${line.column}`);
    expect(faults).toEqual(
      expect.arrayContaining([
        '3 property',
        '4 document',
        '4 sold_on',
        '4 price',
        '4 reason',
        '5 price',
        '5 arms_length',
        '6 property',
      ]),
    );
    const { rows } = await db.owner.query('SELECT 1 FROM sales');
    expect(rows).toEqual([]);
  });

  it('with another header is refused as a whole', async () => {
    const { status, body } = await bring('number,price\nS1,5\n');
    expect([status, body.type]).toEqual([422, 'urn:jarib:problem:header-wrong']);
  });
});

describe('the equity report', () => {
  /** Ratios are scattered by a twentieth in ward 1 and by a fifth in ward 2; three are far out. */
  const random = new Random(5);
  const luck = Array.from({ length: houses }, () => random.between(-0.2, 0.2));
  const scatter = (i: number) => (i % 2 ? luck[i]! : luck[i]! / 4);
  const ratio = (i: number) => (i < 3 ? 0.03 : 0.002 * (1 + scatter(i)));

  it('gives back the ratios that the file was made with', async () => {
    expect((await bring(salesFile(ratio))).body.counts).toMatchObject({ created: houses, rejected: 0 });
    expect((await bring(salesFile(ratio))).body).toMatchObject({
      result: 'unchanged',
      counts: { unchanged: houses },
    });
    const { body } = await report();
    expect(body.counts).toMatchObject({ registered: houses, compared: houses, withoutValue: 0 });
    expect(body.overall).toMatchObject({ trimmed: 3, sales: houses - 3 });
    expect(Number(body.overall.median)).toBeCloseTo(0.002, 4);
    for (const stratum of body.byWard) {
      const known = luck.map((_, i) => i).filter((i) => i >= 3 && i % 2 === Number(stratum.key) - 1);
      const ratios = known.map(ratio).sort((a, b) => a - b);
      const half = ratios.length / 2;
      const median = (ratios[Math.ceil(half) - 1]! + ratios[Math.floor(half)]!) / 2;
      const cod =
        (100 * ratios.reduce((total, each) => total + Math.abs(each - median), 0)) / ratios.length / median;
      expect(stratum.sales).toBe(ratios.length);
      // Prices are whole paise: the ratio that comes back differs in the seventh figure.
      expect(Number(stratum.cod)).toBeCloseTo(cod, 1);
      expect(Number(stratum.median)).toBeCloseTo(median, 5);
    }
    const [one, two] = body.byWard;
    expect(one).toMatchObject({ key: '1', prdVerdict: 'good', codVerdict: 'low' });
    expect(two.codVerdict).toBe('good');
    expect(body.byUse).toMatchObject([{ key: 'residential' }]);
    expect(body.byPrice).toHaveLength(4);
    const bars = body.histogram.reduce((total: number, bar: { sales: number }) => total + bar.sales, 0);
    expect(bars).toBe(houses);
  });

  it('finds that dear houses are taxed lower', async () => {
    await bring(salesFile((i) => 0.02 / Math.sqrt(50 + ((i * 37) % 500))));
    const { body } = await report();
    expect(body.overall.prdVerdict).toBe('high');
    expect(Number(body.overall.prb)).toBeLessThan(-0.1);
    expect(body.overall.prbVerdict).toBe('low');
  });

  it('leaves out what was not at arm’s length, with the reason on record', async () => {
    const { body } = await officer.agent.get('/api/sales?limit=1');
    const { id } = body.items[0];
    const wrong = await officer.agent
      .post(`/api/sales/${id}/arms-length`)
      .send({ armsLength: false, reason: '' });
    expect(wrong.status).toBe(400);
    const marked = { armsLength: false, reason: 'Between brothers' };
    expect((await officer.agent.post(`/api/sales/${id}/arms-length`).send(marked)).body).toMatchObject(
      marked,
    );
    expect((await report()).body.counts).toMatchObject({ notArmsLength: 1, compared: houses - 1 });
    const { rows } = await db.owner.query("SELECT reason FROM audit_log WHERE action = 'sale.arms-length'");
    expect(rows).toEqual([{ reason: 'Between brothers' }]);
  });

  it('keeps to a period, to a basis that the tariff has, and to the wards of who asks', async () => {
    expect((await report('&from=2026-01-01')).body.counts.compared).toBe(0);
    const unknown = await officer.agent.get('/api/equity?fy=2026-27&basis=luck');
    expect([unknown.status, unknown.body.type]).toEqual([422, 'urn:jarib:problem:basis-unknown']);
    const cashier = await signInAs(server, ctx, 'cashier');
    expect((await cashier.agent.get('/api/equity?fy=2026-27')).status).toBe(403);
    const bound = await signInAs(server, ctx, 'revenue-officer', { login: 'bound-1', wardNumbers: ['2'] });
    const { body } = await bound.agent.get('/api/equity?fy=2026-27&basis=tax');
    expect(body.byWard.map(({ key }: { key: string }) => key)).toEqual(['2']);
  });
});
