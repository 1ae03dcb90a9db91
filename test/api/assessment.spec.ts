import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { VectorTile } from '@mapbox/vector-tile';
import { PbfReader } from 'pbf';
import { AppModule } from '../../apps/api/src/app.module.js';
import { TariffFilesService } from '../../apps/api/src/assessment/tariff-files/tariff-files.service.js';
import type { Context } from '../../apps/api/src/platform/database/tx.js';
import { JobRunner } from '../../apps/api/src/platform/queue/runner.js';
import { addProperties, smallTariff } from '../support/assessment.js';
import { createTestDatabase, createTestUlb, type TestDatabase } from '../support/database.js';
import { type SignedIn, signInAs, type TestServer } from '../support/server.js';
import { createServer } from '../../apps/api/src/platform/http/server.js';
import type { AddressInfo } from 'node:net';

let db: TestDatabase;
let server: TestServer;
let ctx: Context;
let officer: SignedIn;
let commissioner: SignedIn;
let ids: string[];
let parcelIds: string[];
let runId: string;

beforeAll(async () => {
  db = await createTestDatabase();
  ctx = await createTestUlb(db, 1);
  const app = await createServer(db.config, AppModule.with(db.config) as never);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  server = { app, url: `http://127.0.0.1:${port}`, close: () => app.close() };
  await app.get(TariffFilesService, { strict: false }).install(ctx, smallTariff(), 'small.yaml');
  officer = await signInAs(server, ctx, 'revenue-officer');
  commissioner = await signInAs(server, ctx, 'commissioner');
  ids = await addProperties(
    db,
    ctx,
    [100, 200, 300, 400].map((areaM2, i) => ({
      number: `Q${i}`,
      ward: '1',
      units: [{ use: 'residential', areaM2 }],
    })),
  );
  parcelIds = await addLand();
});

afterAll(async () => {
  await server?.close();
  await db?.drop();
});

/** Three parcels side by side: one with two properties, two that share the third; the fourth property has no land. */
async function addLand(): Promise<string[]> {
  const { rows } = await db.owner.query<{ id: string }>(
    `WITH c AS (INSERT INTO changesets (ulb_id, id, kind, status, comment, created_by_login, created_at, applied_at)
       VALUES (1, gen_random_uuid(), 'import', 'applied', 'x', 'x', now(), now()) RETURNING id)
     INSERT INTO parcels (ulb_id, id, changeset_id, recorded_at, parcel_no, geom)
     SELECT 1, uuid_v7(), id, now(), 'K-' || i,
       ST_Multi(ST_MakeEnvelope(78.7 + i * 0.0001, 23.8, 78.70009 + i * 0.0001, 23.8001, 4326))
     FROM c, generate_series(0, 2) i RETURNING id`,
  );
  const land = rows.map((row) => row.id);
  const pairs = [
    [ids[0], land[0]],
    [ids[1], land[0]],
    [ids[2], land[1]],
    [ids[2], land[2]],
  ];
  for (const pair of pairs) await db.owner.query('INSERT INTO property_parcels VALUES (1, $1, $2)', pair);
  return land;
}

async function work(): Promise<void> {
  for (;;) {
    const { rows } = await db.owner.query<{ id: string }>("SELECT id FROM jobs WHERE status = 'pending'");
    if (!rows.length) return;
    for (const { id } of rows) await server.app.get(JobRunner, { strict: false }).run(1, id);
  }
}

describe('a run through the door', () => {
  it('is accepted, followed by its events to the end, and listed', async () => {
    const started = await officer.agent
      .post('/api/assessment-runs')
      .send({ fy: '2026-27', clientKey: 'start-once' });
    expect(started.status).toBe(202);
    const twice = await officer.agent
      .post('/api/assessment-runs')
      .send({ fy: '2026-27', clientKey: 'start-once' });
    expect([twice.status, twice.body.id]).toEqual([202, started.body.id]);
    runId = started.body.id;
    const events = fetch(`${server.url}/api/assessment-runs/${runId}/events`, {
      headers: { cookie: officer.cookie },
    });
    await work();
    const text = await (await events).text();
    const states = [...text.matchAll(/^data: (.*)$/gm)].map(
      (match) => JSON.parse(match[1] ?? '') as { status: string },
    );
    expect(text).toMatch(/^event: progress$/m);
    expect(states.at(-1)).toMatchObject({
      status: 'computed',
      properties: 4,
      assessed: 4,
      secondsLeft: 0,
      totalPaise: '1100000',
    });
    const list = await officer.agent.get('/api/assessment-runs');
    expect(list.body).toMatchObject([{ id: runId, totalPaise: '1100000', createdByLogin: officer.login }]);
  });

  it('is refused with the place of the fault', async () => {
    const key = { fy: '2026-27', clientKey: 'pressed-once' };
    const wrong = await officer.agent.post('/api/assessment-runs').send({ ...key, fy: '2026-28' });
    expect(wrong.status).toBe(400);
    expect(wrong.body.errors).toMatchObject([{ where: '/fy', value: '2026-28' }]);
    const again = await officer.agent.post(`/api/assessment-runs/${runId}/cancel`).send({});
    expect(again.status).toBe(409);
    const second = await officer.agent.post('/api/assessment-runs').send(key);
    expect([second.status, second.body.type]).toEqual([409, 'urn:jarib:problem:run-open']);
    expect(second.body.detail).toContain('publish');
  });

  it('is not for everyone', async () => {
    const surveyor = await signInAs(server, ctx, 'surveyor');
    expect((await surveyor.agent.post('/api/assessment-runs').send({ fy: '2026-27' })).status).toBe(403);
    expect((await surveyor.agent.get('/api/assessment-map?fy=2026-27')).status).toBe(403);
  });
});

describe('publication through the door', () => {
  const typed = { assessments: 4, totalPaise: '1100000' };
  const path = () => `/api/assessment-runs/${runId}/publish`;

  it('shows nobody a draft as if it were owed', async () => {
    const { body } = await officer.agent.get(`/api/properties/${ids[0]}`);
    expect([body.assessment, body.ledger]).toEqual([null, expect.anything()]);
    const roll = await officer.agent.get('/api/properties?status=assessed');
    expect(roll.body.total).toBe(0);
    const explained = await officer.agent.get(`/api/properties/${ids[0]}/explanation?fy=2026-27`);
    expect(explained.status).toBe(404);
    expect((await officer.agent.get('/api/assessment-map?fy=2026-27')).status).toBe(404);
  });

  it('is refused to who made the run, and to who may not publish', async () => {
    const own = await officer.agent.post(path()).send(typed);
    expect([own.status, own.body.type]).toEqual([403, 'urn:jarib:problem:second-person']);
    expect(own.body.detail).toContain(officer.login);
    const cashier = await signInAs(server, ctx, 'cashier');
    expect((await cashier.agent.post(path()).send(typed)).status).toBe(403);
  });

  it('is refused where the typed figures are not those of the run', async () => {
    const wrong = await commissioner.agent.post(path()).send({ assessments: 5, totalPaise: '1' });
    expect([wrong.status, wrong.body.type]).toEqual([409, 'urn:jarib:problem:figures-differ']);
    expect(wrong.body.errors).toMatchObject([{ where: 'assessments', value: 5 }, { where: 'totalPaise' }]);
    const unread = await commissioner.agent.post(path()).send({ assessments: 4, totalPaise: '11,000.00' });
    expect(unread.status).toBe(400);
  });

  it('posts the demands when another person types them, once', async () => {
    const asked = await commissioner.agent.post(path()).send(typed);
    expect([asked.status, asked.body.status]).toEqual([202, 'publishing']);
    await work();
    const { body } = await officer.agent.get(`/api/assessment-runs/${runId}`);
    expect(body).toMatchObject({
      status: 'published',
      netPaise: '1100000',
      publication: { byLogin: commissioner.login },
      chunks: { done: 1, posted: 1, total: 1 },
    });
    const again = await commissioner.agent.post(path()).send(typed);
    expect([again.status, again.body.type]).toEqual([409, 'urn:jarib:problem:run-not-computed']);
    const late = await officer.agent
      .post(`/api/assessment-runs/${runId}/withdraw`)
      .send({ reason: 'too late' });
    expect(late.status).toBe(409);
  });
});

describe('the property card after a run', () => {
  it('states demand, tariff and balance as the ledger has them', async () => {
    const { body } = await officer.agent.get(`/api/properties/${ids[0]}`);
    expect(body.assessment).toMatchObject({
      fy: '2026-27',
      totalPaise: '110000',
      status: 'sample',
      assessmentNo: 1,
    });
    expect(body.ledger).toEqual({
      openingPaise: '0',
      demandPaise: '110000',
      rebatePaise: '0',
      balancePaise: '110000',
    });
    const explained = await officer.agent.get(`/api/properties/${ids[0]}/explanation?fy=2026-27`);
    expect(explained.body).toMatchObject({ reproduces: true, totalPaise: '110000' });
  });
});

describe('the tax map', () => {
  const tileOf = (lon: number, lat: number, z: number) => {
    const n = 2 ** z;
    const y = (1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2;
    return `${z}/${Math.floor(y * n)}/${Math.floor(((lon + 180) / 360) * n)}`;
  };

  it('counts each parcel once, and spreads a tax over all land of its property', async () => {
    const { body } = await officer.agent.get('/api/assessment-map?fy=2026-27');
    expect(body).toMatchObject({ fy: '2026-27', runId });
    expect(body.breaks).toHaveLength(6);
    expect(body.counts.reduce((sum: number, n: number) => sum + n, 0)).toBe(3);
    const { rows } = await db.owner.query<{ parcel_id: string; tax: string }>(
      `SELECT t.parcel_id, round(t.per_m2_paise * p.area_m2) AS tax FROM parcel_taxes t
       JOIN parcels p ON p.id = t.parcel_id ORDER BY parcel_id`,
    );
    const tax = new Map(rows.map((row) => [row.parcel_id, Number(row.tax)]));
    expect(tax.get(parcelIds[0] ?? '')).toBeCloseTo(330_000, -1);
    expect((tax.get(parcelIds[1] ?? '') ?? 0) + (tax.get(parcelIds[2] ?? '') ?? 0)).toBeCloseTo(330_000, -1);
  });

  it('serves tiles with the ids of the parcel tiles, and answers 304 to who has them', async () => {
    const path = `/api/assessment-map/tiles/${tileOf(78.7001, 23.80005, 17)}?fy=2026-27`;
    const answer = await fetch(server.url + path, { headers: { cookie: officer.cookie } });
    expect(answer.headers.get('cache-control')).toBe('private, max-age=60');
    const layer = new VectorTile(new PbfReader(new Uint8Array(await answer.arrayBuffer()))).layers.tax;
    const { rows } = await db.owner.query<{ tile_id: string }>('SELECT tile_id FROM parcels');
    const features = Array.from({ length: layer?.length ?? 0 }, (_, i) => layer?.feature(i));
    expect(features.map((feature) => String(feature?.id)).sort()).toEqual(
      rows.map((row) => row.tile_id).sort(),
    );
    expect(features.every((feature) => Number(feature?.properties.perM2Paise) > 0)).toBe(true);
    const etag = answer.headers.get('etag') ?? '';
    const again = await fetch(server.url + path, {
      headers: { cookie: officer.cookie, 'if-none-match': etag },
    });
    expect(again.status).toBe(304);
  });

  it('says so where no run has drawn it', async () => {
    const { status, body } = await officer.agent.get('/api/assessment-map?fy=2030-31');
    expect([status, body.type]).toEqual([404, 'urn:jarib:problem:map-missing']);
  });
});

describe('search and roll through the door', () => {
  it('find the property by its number', async () => {
    await db.owner.query(
      "INSERT INTO search_terms (ulb_id, term, noun, noun_id) VALUES (1, '#q2', 'property', $1)",
      [ids[2]],
    );
    const { body } = await officer.agent.get('/api/search?q=Q2');
    expect(body.results).toMatchObject([{ noun: 'property', propertyId: ids[2], title: 'Q2' }]);
    expect(body.results[0].center).toHaveLength(2);
    const roll = await officer.agent.get('/api/properties?limit=2&status=assessed');
    expect(roll.body).toMatchObject({
      total: 4,
      next: 'Q1',
      items: [{ number: 'Q0', demandPaise: '110000', fy: '2026-27' }, {}],
    });
  });
});
