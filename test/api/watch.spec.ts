import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import request from 'supertest';
import { writeOpenApi } from '../../apps/api/src/platform/http/openapi.js';
import { limits } from '../../apps/api/src/platform/limits.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { startTestServer, type TestServer } from '../support/server.js';

let db: TestDatabase;
let server: TestServer;

beforeAll(async () => {
  db = await createTestDatabase();
  db.config = { ...db.config, metricsToken: 'a token of the collector' };
  server = await startTestServer(db);
});
afterAll(async () => {
  await server?.close();
  await db?.drop();
});

/** The answer is kept for a moment. */
const health = async () => {
  await pause(limits.healthCacheMs + 50);
  return request(server.url).get('/health');
};

describe('/health', () => {
  afterEach(async () => {
    await db.owner.query('ALTER FUNCTION geometry_overlaps(geometry, geometry) LEAKPROOF');
  });

  it('is ready when database, migrations and Redis are', async () => {
    const { status, body } = await health();
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        status: 'ready',
        checks: { database: 'ok', tenancy: 'ok', spatialIndex: 'ok', migrations: 'ok', redis: 'ok' },
      },
    });
  });

  it('says so when box queries cannot use their index, and still serves', async () => {
    await db.owner.query('ALTER FUNCTION geometry_overlaps(geometry, geometry) NOT LEAKPROOF');
    const { status, body } = await health();
    expect([status, body.status, body.checks.spatialIndex]).toEqual([
      200,
      'degraded',
      expect.stringMatching(/LEAKPROOF/),
    ]);
  });

  it('is down when the database is of an older version', async () => {
    await db.owner.query(
      "UPDATE migrations SET name = name || 'x' WHERE id = (SELECT max(id) FROM migrations)",
    );
    const { status, body } = await health();
    expect([status, body.status, body.checks.migrations]).toEqual([
      503,
      'down',
      expect.stringMatching(/^missing: /),
    ]);
    await db.owner.query("UPDATE migrations SET name = rtrim(name, 'x')");
  });

  it('is down when the database is away, and names no host', async () => {
    await db.owner.query('REVOKE SELECT ON migrations FROM jarib_app');
    const { status, body, text } = await health();
    expect([status, body.checks.database]).toEqual([503, 'does not answer']);
    expect(text).not.toMatch(/127\.0\.0\.1|permission denied/);
    await db.owner.query('GRANT SELECT ON migrations TO jarib_app');
  });
});

describe('/metrics', () => {
  it('tells how long each route takes, by its pattern, and how the pool stands', async () => {
    await request(server.url).get('/api/wards/at?lon=75.5&lat=18.5').expect(401);
    const { text } = await request(server.url).get('/metrics').expect(200);
    expect(text).toMatch(
      /http_request_duration_seconds_count\{method="GET",route="\/api\/wards\/at",status="401"\} 1/,
    );
    expect(text).toMatch(/db_pool_connections\{state="idle"\} \d/);
    expect(text).not.toContain('75.5');
  });

  it('is closed to what a proxy passes on, unless it has the token', async () => {
    const get = () => request(server.url).get('/metrics').set('x-forwarded-for', '203.0.113.7');
    await get().expect(403);
    await get().set('authorization', 'Bearer a token of the collectoR').expect(403);
    await get().set('authorization', 'Bearer a token of the collector').expect(200);
  });
});

describe('the OpenAPI document', () => {
  it('names each route with its permission, its checked parameters and its problems', async () => {
    const { body } = await request(server.url).get('/api/openapi.json').expect(200);
    expect(body.openapi).toBe('3.1.0');
    const signIn = body.paths['/api/session'].post;
    expect(signIn['x-permission']).toBe('public');
    expect(signIn.requestBody.content['application/json'].schema).toEqual({
      $ref: '#/components/schemas/SignIn',
    });
    expect(body.components.schemas.SignIn.required).toEqual(['ulb', 'login', 'password']);
    const ward = body.paths['/api/wards/at'].get;
    expect(ward['x-permission']).toBe('layers:read');
    expect(
      ward.parameters.map(({ name, required }: { name: string; required: boolean }) => [name, required]),
    ).toEqual([
      ['lon', true],
      ['lat', true],
      ['on', false],
    ]);
    expect(ward.responses.default.content['application/problem+json'].schema.$ref).toMatch(/Problem$/);
  });

  it('refers to nothing that it does not hold', async () => {
    const { body, text } = await request(server.url).get('/api/openapi.json').expect(200);
    const named = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map((found) => found[1] ?? '');
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !(name in body.components.schemas))).toEqual([]);
  });

  it('is written to a file as it is served', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'jarib-')), 'openapi.json');
    await writeOpenApi(server.app, file);
    const { body } = await request(server.url).get('/api/openapi.json');
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(body);
  });
});
