import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance } from 'fastify';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { AppModule } from '../../apps/api/src/app.module.js';
import { type Permission, permissions } from '../../apps/api/src/platform/auth/permissions.js';
import type { RegisteredRoute } from '../../apps/api/src/platform/http/gate.js';
import { createServer, registeredRoutes } from '../../apps/api/src/platform/http/server.js';
import { createTestDatabase, createTestUlb, type TestDatabase } from '../support/database.js';
import { type SignedIn, signInAs, startTestServer } from '../support/server.js';

let db: TestDatabase;
let app: NestFastifyApplication;
let url: string;
let routes: readonly RegisteredRoute[];
let administrator: SignedIn;
const tokens = new Map<Permission, string>();

/** Everything that is open to everybody. A new one is a decision, so it is written here as well. */
const openToAll = [
  'GET /api/openapi.json',
  'GET /api/ulbs',
  'GET /health',
  'GET /metrics',
  'POST /api/session',
];

beforeAll(async () => {
  db = await createTestDatabase();
  const ctx = await createTestUlb(db, 1);
  app = await createServer(db.config, AppModule.with(db.config));
  await app.listen(0, '127.0.0.1');
  url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  routes = registeredRoutes(app).filter(({ method }) => method !== 'HEAD' && method !== 'OPTIONS');
  administrator = await signInAs({ app, url, close: () => app.close() }, ctx, 'administrator');
  for (const permission of ['layers:read', 'roll:read'] as const) {
    const made = await administrator.agent
      .post('/api/tokens')
      .send({ name: permission, permissions: [permission] });
    tokens.set(permission, (made.body as { token: string }).token);
  }
});

afterAll(async () => {
  await app?.close();
  await db?.drop();
});

const closed = () => routes.filter(({ access }) => access !== 'public');

/** The route's pattern with something in each place; the gate answers before anything is looked up. */
function addressOf(route: RegisteredRoute, ulb = 'ulb-1'): string {
  const id = '0199aaaa-0000-7000-8000-000000000001';
  return (
    url +
    route.url
      .replace(/:ulb\b/, ulb)
      .replace(/:[A-Za-z]+/g, id)
      .replace('*', 'x')
  );
}

function ask(route: RegisteredRoute, headers: Record<string, string>, ulb?: string): request.Test {
  const method = route.method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
  return request(addressOf(route, ulb))[method]('').set(headers).send();
}

/** Asks all `of` and tells those that answered otherwise. */
async function others(
  of: RegisteredRoute[],
  status: number,
  headersOf: (route: RegisteredRoute) => object,
  ulb?: string,
) {
  const found: string[] = [];
  for (const route of of) {
    const answer = await ask(route, headersOf(route) as Record<string, string>, ulb);
    if (answer.status !== status || !/problem\+json/.test(answer.headers['content-type'] ?? '')) {
      found.push(`${route.method} ${route.url} (${route.access}): ${answer.status}`);
    }
  }
  return found;
}

describe('every route of the application', () => {
  it('is open to all only where that was decided', () => {
    expect(routes.length).toBeGreaterThan(30);
    const open = routes
      .filter(({ access }) => access === 'public')
      .map(({ method, url: path }) => `${method} ${path}`);
    expect(open.sort()).toEqual(openToAll);
  });

  it('asks for a permission that exists', () => {
    expect(closed().filter(({ access }) => !(permissions as readonly string[]).includes(access))).toEqual([]);
  });

  it('answers 401 to who has not signed in', async () => {
    expect(await others(closed(), 401, () => ({}))).toEqual([]);
  });

  it('answers 403 to who has another permission', async () => {
    const other = (route: RegisteredRoute) =>
      tokens.get(route.access === 'layers:read' ? 'roll:read' : 'layers:read');
    expect(await others(closed(), 403, (route) => ({ authorization: `Bearer ${other(route)}` }))).toEqual([]);
  });

  it('answers 403 to an administrator of another municipality where it names one', async () => {
    const ofUlb = closed().filter(({ url: path }) => path.includes(':ulb'));
    expect(ofUlb.length).toBeGreaterThan(5);
    expect(await others(ofUlb, 403, () => ({ cookie: administrator.cookie }), 'ulb-2')).toEqual([]);
  });

  it('changes nothing for a session without the CSRF token', async () => {
    const changing = closed().filter(({ method }) => method !== 'GET');
    expect(changing.length).toBeGreaterThan(3);
    expect(await others(changing, 403, () => ({ cookie: administrator.cookie }))).toEqual([]);
  });
});

@Controller('api/forgotten')
class ForgottenController {
  @Get()
  show() {
    return 'everything';
  }
}
@Module({ controllers: [ForgottenController] })
class ForgottenModule {}

describe('a route that says nothing about its access', () => {
  it('stops the start, in a controller', async () => {
    await expect(startTestServer(db, [ForgottenModule])).rejects.toThrow(
      /GET \/api\/forgotten says neither @Allow/,
    );
  });

  it('stops the start, as a raw route', async () => {
    const server = await createServer(db.config, AppModule.with(db.config));
    const instance = server.getHttpAdapter().getInstance() as unknown as FastifyInstance;
    expect(() => instance.get('/ogc/:ulb/raw', () => 'everything')).toThrow(/says neither @Allow/);
    await server.close();
  });
});
