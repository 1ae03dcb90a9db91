import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { VectorTile } from '@mapbox/vector-tile';
import type { AddressInfo } from 'node:net';
import { PbfReader } from 'pbf';
import { AppModule } from '../../apps/api/src/app.module.js';
import { TariffFilesService } from '../../apps/api/src/assessment/tariff-files/tariff-files.service.js';
import type { Context } from '../../apps/api/src/platform/database/tx.js';
import { createServer } from '../../apps/api/src/platform/http/server.js';
import { smallTariff } from '../support/assessment.js';
import { createTestDatabase, createTestUlb, type TestDatabase } from '../support/database.js';
import { work } from '../support/discovery.js';
import { type SignedIn, signInAs, type TestServer } from '../support/server.js';

let db: TestDatabase;
let server: TestServer;
let ctx: Context;
let officer: SignedIn;
let surveyor: SignedIn;

beforeAll(async () => {
  db = await createTestDatabase();
  ctx = await createTestUlb(db, 1);
  const app = await createServer(db.config, AppModule.with(db.config) as never);
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  server = { app, url: `http://127.0.0.1:${port}`, close: () => app.close() };
  await app.get(TariffFilesService, { strict: false }).install(ctx, smallTariff(), 'small.yaml');
  officer = await signInAs(server, ctx, 'revenue-officer');
  surveyor = await signInAs(server, ctx, 'surveyor');
  await addTown();
});
afterAll(async () => {
  await server?.close();
  await db?.drop();
});

/** Four parcels with a building of some 100 m2 each: one has an account for all of it, one for half, two for none. */
async function addTown(): Promise<void> {
  await db.owner.query(
    `WITH c AS (INSERT INTO changesets (ulb_id, id, kind, status, comment, created_by_login, created_at, applied_at)
       VALUES (1, uuid_v7(), 'import', 'applied', 'x', 'x', now(), now()) RETURNING id),
     place AS (SELECT i, 78.7 + i * 0.0003 AS lon, CASE WHEN i < 3 THEN '1' ELSE '2' END AS ward FROM generate_series(0, 3) i),
     land AS (INSERT INTO parcels (ulb_id, id, changeset_id, recorded_at, parcel_no, ward_number, geom)
       SELECT 1, uuid_v7(), c.id, now(), 'P' || i, ward, ST_Multi(ST_MakeEnvelope(lon, 23.8, lon + 0.0002, 23.8002, 4326))
       FROM c, place RETURNING id, parcel_no),
     house AS (INSERT INTO buildings (ulb_id, id, changeset_id, recorded_at, building_no, ward_number, use, floors, geom)
       SELECT 1, uuid_v7(), c.id, now(), 'B' || i, ward, 'residential', 1,
         ST_Multi(ST_MakeEnvelope(lon + 0.00005, 23.80005, lon + 0.00015, 23.80014, 4326)) FROM c, place RETURNING id),
     account AS (INSERT INTO properties (ulb_id, id, number, ward_number, recorded_at)
       SELECT 1, uuid_v7(), 'A' || i, '1', now() FROM place WHERE i < 2 RETURNING id, number),
     stands AS (INSERT INTO property_parcels SELECT 1, a.id, l.id FROM account a JOIN land l ON l.parcel_no = 'P' || right(a.number, 1)
       RETURNING 1)
     INSERT INTO units (ulb_id, property_id, unit_no, effective, floor, use, area_m2, declared_area_m2, recorded_at)
     SELECT 1, a.id, 1, '[2020-04-01,)', 'G', 'residential', CASE a.number WHEN 'A0' THEN 100 ELSE 50 END, 45, now() FROM account a`,
  );
}

describe('a discovery run through the door', () => {
  it('is accepted, accounts for everything, and lists its findings by what they are worth', async () => {
    const started = await officer.agent.post('/api/discovery-runs').send({ fy: '2026-27' });
    expect(started.status).toBe(202);
    await work(db, server.app, ctx);
    const run = await officer.agent.get(`/api/discovery-runs/${started.body.id}`);
    expect(run.body).toMatchObject({
      status: 'done',
      counts: {
        footprints: { one_to_one: 2, no_account: 2 },
        properties: { one_to_one: 2 },
        findings: { area: 1, no_account: 2 },
      },
      steps: { done: 4, total: 4 },
    });
    const list = await officer.agent.get('/api/findings?limit=2');
    expect(list.body).toMatchObject({ total: 3, items: [{ kind: 'no_account' }, {}] });
    const rest = await officer.agent.get(`/api/findings?limit=2&after=${list.body.next}`);
    expect(rest.body.items).toHaveLength(1);
    const money = [...list.body.items, ...rest.body.items].map(({ estimatePaise }) => Number(estimatePaise));
    expect(money).toEqual([...money].sort((a, b) => b - a));
    expect(Number(list.body.estimatePaise)).toBe(money.reduce((total, each) => total + each, 0));
  });

  it('leads from a click on the map to the evidence', async () => {
    const { rows } = await db.owner.query<{ tile_id: string }>(
      "SELECT tile_id FROM buildings WHERE building_no = 'B1'",
    );
    const found = await officer.agent.get(`/api/findings?on=buildings/${rows[0]!.tile_id}`);
    expect(found.body.items).toMatchObject([
      { kind: 'area', number: 'A1', declaredM2: '45.0000', adoptedM2: '50.0000' },
    ]);
    const { body } = await officer.agent.get(`/api/findings/${found.body.items[0].id}`);
    expect(body.evidence.accounts).toMatchObject([
      { number: 'A1', adoptedM2: '50.0000', declaredM2: '45.0000' },
    ]);
    expect(body.evidence.footprints).toMatchObject([{ number: 'B1', overlap: '1.0000' }]);
    expect(body.bbox).toHaveLength(4);
    const measured = Number(body.measuredM2);
    // Ten rupees a square metre rounded to the rupee, and a tenth of it as cess.
    expect(Number(body.estimate.afterPaise)).toBe(Math.round(measured * 10) * 110);
    expect(body.estimate).toMatchObject({ beforePaise: '55000', tariffStatus: 'sample' });
  });

  it('draws its findings as a tile without name or number', async () => {
    const at = { z: 16, x: Math.floor(((78.7003 + 180) / 360) * 2 ** 16) };
    const y = Math.floor(((1 - Math.asinh(Math.tan((23.8001 * Math.PI) / 180)) / Math.PI) / 2) * 2 ** at.z);
    const answer = await fetch(`${server.url}/api/findings-tiles/${at.z}/${y}/${at.x}`, {
      headers: { cookie: officer.cookie },
    });
    const layer = new VectorTile(new PbfReader(new Uint8Array(await answer.arrayBuffer()))).layers.findings!;
    const seen = Array.from({ length: layer.length }, (_, i) => layer.feature(i).properties);
    expect(seen.length).toBeGreaterThan(0);
    expect(Object.keys(seen[0]!).sort()).toEqual(['class', 'kind', 'state']);
    const again = { cookie: officer.cookie, 'if-none-match': answer.headers.get('etag') ?? '' };
    expect(
      (await fetch(`${server.url}/api/findings-tiles/${at.z}/${y}/${at.x}`, { headers: again })).status,
    ).toBe(304);
  });
});

describe('a survey task', () => {
  it('is given to somebody by a day, listed, and reported on', async () => {
    const { body } = await officer.agent.get('/api/findings?kind=no_account&ward=1');
    const findingIds = [body.items[0].id];
    const asked = {
      findingIds,
      assignedTo: surveyor.login,
      dueOn: '2026-05-01',
      instruction: 'Count the floors',
    };
    expect((await officer.agent.post('/api/survey-tasks').send(asked)).body).toMatchObject({
      created: 1,
      existing: 0,
    });
    expect((await officer.agent.post('/api/survey-tasks').send(asked)).body).toMatchObject({
      created: 0,
      existing: 1,
    });
    const list = await surveyor.agent.get(`/api/survey-tasks?assignedTo=${surveyor.login}&state=open`);
    expect(list.body.items).toMatchObject([
      { findingId: findingIds[0], dueOn: '2026-05-01', kind: 'no_account' },
    ]);
    const id = list.body.items[0].id;
    const report = { outcome: 'confirmed', report: 'Two floors, inhabited' };
    expect((await surveyor.agent.post(`/api/survey-tasks/${id}/report`).send(report)).body.state).toBe(
      'done',
    );
    expect((await surveyor.agent.post(`/api/survey-tasks/${id}/report`).send(report)).status).toBe(409);
    const card = await officer.agent.get(`/api/findings/${findingIds[0]}`);
    expect(card.body).toMatchObject({ state: 'found', tasks: [{ outcome: 'confirmed' }] });
  });

  it('names who does not exist, and which finding does not', async () => {
    const { body } = await officer.agent.get('/api/findings?ward=2');
    const task = { findingIds: [body.items[0].id], assignedTo: 'nobody', dueOn: '2026-05-01' };
    const unknown = await officer.agent.post('/api/survey-tasks').send(task);
    expect([unknown.status, unknown.body.type]).toEqual([422, 'urn:jarib:problem:person-unknown']);
    const stray = {
      ...task,
      assignedTo: surveyor.login,
      findingIds: ['0199aaaa-0000-7000-8000-000000000001'],
    };
    expect((await officer.agent.post('/api/survey-tasks').send(stray)).body.type).toMatch(/finding-unknown$/);
  });
});

describe('permissions of findings', () => {
  it('let a surveyor verify but not decide, and a cashier see nothing', async () => {
    const { body } = await officer.agent.get('/api/findings?kind=area');
    const at = `/api/findings/${body.items[0].id}`;
    const verified = await surveyor.agent
      .post(`${at}/verify`)
      .send({ to: 'verified', note: 'Measured with a tape' });
    expect(verified.body).toMatchObject({ state: 'verified', nextStates: ['noticed', 'dismissed'] });
    const notice = { to: 'noticed', note: 'Notice 1 of 2026' };
    expect((await surveyor.agent.post(`${at}/state`).send(notice)).status).toBe(403);
    const wrong = await surveyor.agent.post(`${at}/verify`).send(notice);
    expect([wrong.status, wrong.body.type]).toEqual([400, 'urn:jarib:problem:finding-step']);
    expect((await officer.agent.post(`${at}/state`).send(notice)).body).toMatchObject({
      state: 'noticed',
      objectionsUntil: expect.any(String),
    });
    const cashier = await signInAs(server, ctx, 'cashier');
    expect((await cashier.agent.get('/api/findings')).status).toBe(403);
  });

  it('keep who is bound to wards to the findings of these', async () => {
    const bound = await signInAs(server, ctx, 'ward-officer', { wardNumbers: ['2'] });
    const list = await bound.agent.get('/api/findings');
    expect(list.body.items.map(({ wardNumber }: { wardNumber: string }) => wardNumber)).toEqual(['2']);
    const { body } = await officer.agent.get('/api/findings?ward=1');
    expect((await bound.agent.get(`/api/findings/${body.items[0].id}`)).status).toBe(403);
    const funnel = await bound.agent.get('/api/findings-funnel');
    expect(funnel.body.wards.map(({ wardNumber }: { wardNumber: string }) => wardNumber)).toEqual(['2']);
  });

  it('refuse tolerances that make no sense, with the place', async () => {
    const { body } = await officer.agent.get('/api/discovery-settings');
    const wrong = await officer.agent
      .put('/api/discovery-settings')
      .send({ ...body.settings, areaPercent: 140 });
    expect([wrong.status, wrong.body.errors[0].where]).toEqual([400, '/areaPercent']);
    const set = await officer.agent
      .put('/api/discovery-settings')
      .send({ ...body.settings, areaPercent: 20 });
    expect(set.body).toMatchObject({ settings: { areaPercent: 20 }, changedBy: officer.login });
  });
});
