import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Module, Post, Query } from '@nestjs/common';
import request from 'supertest';
import { z } from 'zod';
import { Allow, Public } from '../../apps/api/src/platform/auth/allow.js';
import { Caller } from '../../apps/api/src/platform/auth/caller.js';
import { Database } from '../../apps/api/src/platform/database/database.js';
import type { Context } from '../../apps/api/src/platform/database/tx.js';
import { limits } from '../../apps/api/src/platform/limits.js';
import { createTestDatabase, createTestUlb, type TestDatabase } from '../support/database.js';
import { type SignedIn, signInAs, startTestServer, type TestServer } from '../support/server.js';

const thing = z.object({ size: z.number().int().min(1), password: z.string().min(3).optional() });

@Controller('api/probe')
class ProbeController {
  constructor(private readonly database: Database) {}

  @Post()
  @Allow('roll:read')
  make(@Body({ schema: thing }) body: z.output<typeof thing>) {
    return body;
  }

  @Get('paged')
  @Public()
  paged(@Query({ schema: z.object({ limit: z.coerce.number().max(5) }) }) query: { limit: number }) {
    return query;
  }

  @Get('broken')
  @Allow('roll:read')
  async broken(@Caller() ctx: Context) {
    return this.database.read(ctx, (tx) => tx.rows('SELECT no_such_column FROM users'));
  }

  @Get('slow')
  @Allow('roll:read')
  async slow(@Caller() ctx: Context) {
    return this.database.read(ctx, (tx) => tx.rows('SELECT pg_sleep(2)'), { statementTimeoutMs: 50 });
  }
}

@Module({ controllers: [ProbeController] })
class ProbeModule {}

let db: TestDatabase;
let server: TestServer;
let cashier: SignedIn;

beforeAll(async () => {
  db = await createTestDatabase();
  const ctx = await createTestUlb(db, 1);
  server = await startTestServer(db, [ProbeModule]);
  cashier = await signInAs(server, ctx, 'cashier');
});

afterAll(async () => {
  await server?.close();
  await db?.drop();
});

describe('an error', () => {
  it('tells each fault of a body by its pointer and value, but no secret', async () => {
    const answer = await cashier.agent.post('/api/probe').send({ size: 'big', password: 'x' }).expect(400);
    expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    expect(answer.body).toMatchObject({
      type: 'urn:jarib:problem:request-invalid',
      title: 'Bad request',
      status: 400,
      errors: [{ where: '/size', value: 'big' }, { where: '/password' }],
    });
    expect(answer.body.errors[1]).not.toHaveProperty('value');
    expect(answer.body.instance).toBe(`urn:jarib:request:${answer.headers['x-request-id']}`);
    const query = await request(server.url).get('/api/probe/paged?limit=9').expect(400);
    expect(query.body.errors).toMatchObject([{ where: 'limit', value: '9' }]);
  });

  it('of ours shows neither stack nor SQL', async () => {
    const answer = await cashier.agent.get('/api/probe/broken').expect(500);
    expect(answer.body).toMatchObject({ type: 'urn:jarib:problem:internal', status: 500 });
    expect(answer.text).not.toMatch(/SELECT|no_such_column|users|\.ts|\.js|at /i);
  });

  it('of a database that would take too long says what to do', async () => {
    const answer = await cashier.agent.get('/api/probe/slow').expect(503);
    expect(answer.body).toMatchObject({ type: 'urn:jarib:problem:too-slow' });
    expect(answer.headers['retry-after']).toBe('5');
  });

  it.each([
    ['a path that is no route', '/api/nothing?name=Asha', 404],
    ['a path outside', '/nothing', 404],
    ['a broken escape', '/api/%E0%A4%A', 400],
  ])('for %s is a problem as well', async (_what, path, status) => {
    const answer = await request(server.url).get(path).expect(status);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.text).not.toContain('Asha');
  });

  it('for a body that is too large or broken is a problem as well', async () => {
    const post = (body: string) =>
      request(server.url).post('/api/session').set('content-type', 'application/json').send(body);
    expect((await post('{"a":').expect(400)).body.type).toBe('urn:jarib:problem:request-invalid');
    const large = await post(JSON.stringify({ a: 'x'.repeat(limits.requestBodyBytes) })).expect(413);
    expect(large.body.type).toBe('urn:jarib:problem:too-large');
  });
});

describe('every answer', () => {
  it.each(['/api/ulbs', '/api/probe', '/nothing', '/health'])(
    'of %s bears the security headers',
    async (path) => {
      const { headers } = await request(server.url).get(path);
      expect(headers['content-security-policy']).toMatch(/default-src 'self'.*frame-ancestors 'none'/);
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['referrer-policy']).toBe('same-origin');
      expect(headers['cache-control']).toMatch(/no-store/);
      expect(headers).not.toHaveProperty('x-powered-by');
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    },
  );
});
