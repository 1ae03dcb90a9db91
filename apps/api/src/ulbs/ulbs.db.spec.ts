import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import request from 'supertest';
import {
  createTestDatabase,
  createTestUlb,
  testContext,
  type TestDatabase,
} from '../../../../test/support/database.js';
import {
  signInAs,
  type SignedIn,
  startTestServer,
  type TestServer,
} from '../../../../test/support/server.js';
import { UlbsService } from './ulbs.service.js';

let db: TestDatabase;
let server: TestServer;
let service: UlbsService;
let officer: SignedIn;

beforeAll(async () => {
  db = await createTestDatabase();
  const first = await createTestUlb(db, 1);
  await addWard(1, '1', 75, '[2020-01-01,2025-04-01)');
  await addWard(1, '7', 75, '[2025-04-01,)');
  await addWard(1, '8', 75.01, '[2025-04-01,)');
  server = await startTestServer(db);
  service = server.app.get(UlbsService, { strict: false });
  officer = await signInAs(server, first, 'ward-officer');
});
afterAll(async () => {
  await server?.close();
  await db?.drop();
});

/** A square of a hundredth of a degree whose south-west corner is (`west`, 18). */
async function addWard(ulbId: number, number: string, west: number, effective: string): Promise<void> {
  const id = `0199aaaa-0000-7000-8000-${String(ulbId * 1000 + Number(number)).padStart(12, '0')}`;
  await db.owner.query(
    `INSERT INTO changesets (ulb_id, id, kind, status, comment, created_by_login, created_at, applied_at)
     VALUES ($1, $2, 'import', 'applied', 'x', 'x', now(), now())`,
    [ulbId, id],
  );
  await db.owner.query(
    `INSERT INTO wards (ulb_id, id, changeset_id, recorded_at, number, effective, geom)
     VALUES ($1, $2, $2, now(), $3, $4, ST_Multi(ST_MakeEnvelope($5, 18, $6, 18.01, 4326)))`,
    [ulbId, id, number, effective, west, Math.round((west + 0.01) * 100) / 100],
  );
}

const newTown = { code: 'satara', name: 'Satara', nameLocal: 'सातारा', utmSrid: 32643 };

describe('the list of municipalities', () => {
  it('tells everybody each with the box of its own wards', async () => {
    const { body } = await request(server.url).get('/api/ulbs').expect(200);
    expect(body).toEqual([
      {
        code: 'ulb-1',
        name: 'Town 1',
        nameLocal: 'नगर 1',
        languages: ['en', 'hi', 'mr'],
        bbox: [75, 18, 75.02, 18.01],
      },
    ]);
  });

  it('has a new one at once, with a number of its own and a line in its own audit log', async () => {
    const ulbId = await service.create(testContext(0, { login: 'operator' }), newTown);
    expect(ulbId).toBe(2);
    const { body } = await request(server.url).get('/api/ulbs').expect(200);
    expect(body).toContainEqual(expect.objectContaining({ code: 'satara', bbox: null }));
    const { rows } = await db.owner.query(
      'SELECT ulb_id, actor_login, action FROM audit_log WHERE noun = $1',
      ['ulb'],
    );
    expect(rows).toEqual([{ ulb_id: 2, actor_login: 'operator', action: 'create' }]);
  });

  it('takes two that are made at the same moment, and each code once', async () => {
    const make = (code: string) => service.create(testContext(0), { ...newTown, code });
    const made = await Promise.all([make('wai'), make('karad')]);
    expect([...made].sort()).toEqual([3, 4]);
    await expect(make('wai')).rejects.toMatchObject({ kind: 'ulb-exists', status: 409 });
  });

  it.each([
    ['code', { code: 'Wai Town' }],
    ['code', { code: 'x-' }],
    ['name', { name: ' ' }],
    ['utmSrid', { utmSrid: 4326 }],
    ['utmSrid', { utmSrid: 32661 }],
    ['languages', { languages: ['fr'] as never }],
    ['languages', { languages: ['hi', 'hi'] as never }],
    ['currency', { currency: 'rupee' }],
    ['areaUnit', { areaUnit: 'bigha' as never }],
  ])('does not take one whose %s is wrong: %j', async (where, wrong) => {
    const made = service.create(testContext(0), { ...newTown, code: 'other', ...wrong });
    await expect(made).rejects.toMatchObject({
      kind: 'ulb-invalid',
      errors: [{ where: expect.stringContaining(where) }],
    });
  });
});

describe('the ward of a place', () => {
  const at = (query: string) => officer.agent.get(`/api/wards/at?${query}`);

  it('is the one in force on the day', async () => {
    const today = await at('lon=75.005&lat=18.005').expect(200);
    expect(today.body).toMatchObject({ number: '7', effective: { from: '2025-04-01', to: null } });
    const before = await at('lon=75.005&lat=18.005&on=2025-03-31').expect(200);
    expect(before.body).toMatchObject({ number: '1', effective: { from: '2020-01-01', to: '2025-04-01' } });
  });

  it('on a common boundary is one of the two, the same each time', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => at('lon=75.01&lat=18.005').expect(200)));
    expect(new Set(answers.map(({ body }) => body.number))).toEqual(new Set(['7']));
  });

  it('is none outside of all, and a fault where the place is none', async () => {
    expect((await at('lon=80&lat=18').expect(404)).body.type).toBe('urn:jarib:problem:no-ward');
    expect((await at('lon=x&lat=99').expect(400)).body.errors).toMatchObject([
      { where: 'lon' },
      { where: 'lat' },
    ]);
  });
});
