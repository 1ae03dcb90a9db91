import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Module, type OnModuleInit, Post } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { Secret, TOTP } from 'otpauth';
import request from 'supertest';
import { z } from 'zod';
import { UsersService } from '../../apps/api/src/platform/auth/account/users.service.js';
import { Allow } from '../../apps/api/src/platform/auth/allow.js';
import { Caller, contextOf } from '../../apps/api/src/platform/auth/caller.js';
import { now } from '../../apps/api/src/platform/clock.js';
import type { Context } from '../../apps/api/src/platform/database/tx.js';
import { registerRoute } from '../../apps/api/src/platform/http/raw-route.js';
import { limits } from '../../apps/api/src/platform/limits.js';
import { createTestDatabase, createTestUlb, type TestDatabase } from '../support/database.js';
import { signInAs, signInWith, startTestServer, testPassword, type TestServer } from '../support/server.js';

const thing = z.object({ size: z.number() });

@Controller('api/probe')
class ProbeController {
  @Get()
  @Allow('roll:read')
  show(@Caller() ctx: Context) {
    const { id, login, wardNumbers } = ctx.actor;
    return { id, login, wardNumbers, ulbId: ctx.ulbId };
  }

  @Post()
  @Allow('roll:read')
  make(@Body({ schema: thing }) body: z.output<typeof thing>) {
    return body;
  }
}

@Module({ controllers: [ProbeController] })
class ProbeModule implements OnModuleInit {
  constructor(private readonly host: HttpAdapterHost) {}

  onModuleInit(): void {
    registerRoute(this.host, {
      method: 'GET',
      url: '/ogc/:ulb/probe/:z',
      access: 'layers:read',
      handler: (asked, reply) => reply.send({ ulbId: contextOf(asked).ulbId }),
    });
  }
}

let db: TestDatabase;
let server: TestServer;
let first: Context;
let second: Context;
let users: UsersService;

beforeAll(async () => {
  db = await createTestDatabase();
  first = await createTestUlb(db, 1);
  second = await createTestUlb(db, 2);
  server = await startTestServer(db, [ProbeModule]);
  users = server.app.get(UsersService, { strict: false });
});

afterAll(async () => {
  await server?.close();
  await db?.drop();
});

const signIn = (body: object) => request(server.url).post('/api/session').send(body);
const password = testPassword;

describe('signing in', () => {
  it('gives a session that says who the person is, where, and what the role allows', async () => {
    const { session, agent } = await signInAs(server, first, 'surveyor', {
      login: 'asha',
      wardNumbers: ['3', '4'],
    });
    expect(session.ulb).toEqual({
      code: 'ulb-1',
      name: 'Town 1',
      nameLocal: 'नगर 1',
      languages: ['en', 'hi', 'mr'],
      bbox: null,
    });
    expect(session.user).toMatchObject({ login: 'asha', role: 'surveyor', wardNumbers: ['3', '4'] });
    expect(session.permissions).toContain('parcels:write');
    expect(session.permissions).not.toContain('users:manage');
    const again = await agent.get('/api/session').expect(200);
    expect(again.body).toEqual(session);
  });

  it('keeps the cookie from scripts and from other sites', async () => {
    const answer = await signIn({ ulb: 'ulb-1', login: 'ASHA', password }).expect(200);
    expect(answer.headers['set-cookie']?.[0]).toMatch(
      /^jarib_session=ulb-1\.[\w-]{43};.*HttpOnly; SameSite=Lax/,
    );
  });

  it('reads and lasts the same whether municipality, login or password is wrong', async () => {
    const timed = async (body: object) => {
      const startedMs = performance.now();
      const { status, body: problem } = await signIn(body);
      const { type, title, detail } = problem as Record<string, string>;
      return { ms: performance.now() - startedMs, told: { status, type, title, detail } };
    };
    const wrongPassword = await timed({ ulb: 'ulb-1', login: 'asha', password: 'wrong' });
    const noLogin = await timed({ ulb: 'ulb-1', login: 'nobody', password });
    const noUlb = await timed({ ulb: 'nowhere', login: 'asha', password });
    const otherUlb = await timed({ ulb: 'ulb-2', login: 'asha', password });
    expect(wrongPassword.told).toMatchObject({ status: 401, type: 'urn:jarib:problem:sign-in-refused' });
    for (const other of [noLogin, noUlb, otherUlb]) {
      expect(other.told).toEqual(wrongPassword.told);
      expect(Math.abs(other.ms - wrongPassword.ms)).toBeLessThan(100);
    }
  });

  it('is locked after five wrong passwords, also for the right one, and opens after the time', async () => {
    await users.create(first, { login: 'locked', name: 'L', role: 'cashier', password });
    const tries = Array.from({ length: limits.loginFailures + 3 }, () =>
      signIn({ ulb: 'ulb-1', login: 'locked', password: 'not this one' }),
    );
    expect((await Promise.all(tries)).map(({ status }) => status)).toEqual(tries.map(() => 401));
    await signIn({ ulb: 'ulb-1', login: 'locked', password }).expect(401);
    const { rows } = await db.owner.query<{ action: string }>(
      "SELECT action FROM audit_log WHERE action = 'lock'",
    );
    expect(rows).toEqual([{ action: 'lock' }]);
    await db.owner.query("UPDATE users SET locked_until = now() - interval '1 s' WHERE login = 'locked'");
    await signIn({ ulb: 'ulb-1', login: 'locked', password }).expect(200);
    const after = await db.owner.query(
      "SELECT failed_logins, locked_until FROM users WHERE login = 'locked'",
    );
    expect(after.rows).toEqual([{ failed_logins: 0, locked_until: null }]);
  });

  it('asks for the code of the second factor, takes it once, and not a wrong one', async () => {
    await users.create(first, { login: 'totp', name: 'T', role: 'commissioner', password });
    const secret = await users.setTotp(first, 'totp', true);
    const code = new TOTP({ secret: Secret.fromBase32(secret ?? '') }).generate({
      timestamp: now().getTime(),
    });
    const asked = await signIn({ ulb: 'ulb-1', login: 'totp', password }).expect(401);
    expect(asked.body.type).toBe('urn:jarib:problem:totp-needed');
    const wrong = code === '000000' ? '000001' : '000000';
    await signIn({ ulb: 'ulb-1', login: 'totp', password, totp: wrong }).expect(401);
    await signIn({ ulb: 'ulb-1', login: 'totp', password, totp: code }).expect(200);
    await signIn({ ulb: 'ulb-1', login: 'totp', password, totp: code }).expect(401);
  });

  it('is refused when another site sends the form', async () => {
    const answer = await signIn({ ulb: 'ulb-1', login: 'asha', password }).set(
      'sec-fetch-site',
      'cross-site',
    );
    expect([answer.status, answer.body.type]).toEqual([403, 'urn:jarib:problem:other-site']);
  });
});

describe('a session', () => {
  it('ends with the sign-out, at once', async () => {
    const { agent, cookie } = await signInAs(server, first, 'ward-officer', { login: 'leaver' });
    await agent.get('/api/probe').expect(200);
    await agent.delete('/api/session').expect(204);
    await request(server.url).get('/api/probe').set('cookie', cookie).expect(401);
  });

  it.each([
    ['its absolute end', "expires_at = now() - interval '1 s'"],
    ['eight idle hours', "seen_at = now() - interval '8 hours 1 second'"],
  ])('ends after %s', async (_what, change) => {
    const { cookie } = await signInWith(server, 'ulb-1', 'asha');
    await db.owner.query(`UPDATE sessions SET ${change}`);
    // Another server has not this one's memory of who was seen a moment ago.
    const other = await startTestServer(db, [ProbeModule]);
    try {
      await request(other.url).get('/api/session').set('cookie', cookie).expect(401);
    } finally {
      await other.close();
    }
  });

  it('ends when the account is disabled, and when its password is set anew', async () => {
    const { agent } = await signInAs(server, first, 'cashier', { login: 'dismissed' });
    await agent.get('/api/probe').expect(200);
    await users.setDisabled(first, 'dismissed', true);
    await agent.get('/api/probe').expect(401);
    await signIn({ ulb: 'ulb-1', login: 'dismissed', password }).expect(401);
    await users.setDisabled(first, 'dismissed', false);
    const back = await signInWith(server, 'ulb-1', 'dismissed');
    await users.setPassword(first, 'dismissed', 'an altogether new one');
    await back.agent.get('/api/probe').expect(401);
  });

  it('is refused elsewhere within five seconds after it ended', async () => {
    const { agent } = await signInAs(server, first, 'cashier', { login: 'remote' });
    await agent.get('/api/probe').expect(200);
    await db.owner.query("UPDATE users SET disabled_at = now() WHERE login = 'remote'");
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    await agent.get('/api/probe').expect(401);
  });

  it('changes nothing without the CSRF token, and needs none to read', async () => {
    const { cookie, session } = await signInAs(server, first, 'cashier', { login: 'careful' });
    const post = () => request(server.url).post('/api/probe').set('cookie', cookie).send({ size: 1 });
    expect((await post().expect(403)).body.type).toBe('urn:jarib:problem:csrf-token-missing');
    await post().set('x-csrf-token', `${session.csrfToken}x`).expect(403);
    await post()
      .set('x-csrf-token', session.csrfToken ?? '')
      .expect(201);
    await request(server.url).get('/api/probe').set('cookie', cookie).expect(200);
  });

  it.each(['', 'x', 'ulb-1.x', `ulb-1.${'A'.repeat(43)}`, `ulb-2.${'A'.repeat(43)}`, `${'u'.repeat(9_000)}`])(
    'is not proven by the cookie %#',
    async (value) => {
      await request(server.url).get('/api/session').set('cookie', `jarib_session=${value}`).expect(401);
    },
  );

  it('does not become one of another municipality by another code before the same secret', async () => {
    const { cookie } = await signInWith(server, 'ulb-1', 'asha');
    const moved = cookie.replace('ulb-1.', 'ulb-2.');
    await request(server.url).get('/api/session').set('cookie', moved).expect(401);
  });
});

describe('a permission', () => {
  it('is needed: the road engineer may not read the roll', async () => {
    const { agent } = await signInAs(server, first, 'road-engineer');
    const answer = await agent.get('/api/probe').expect(403);
    expect(answer.body).toMatchObject({
      type: 'urn:jarib:problem:permission-missing',
      permission: 'roll:read',
    });
  });

  it('opens a raw route only in the own municipality', async () => {
    const { cookie } = await signInAs(server, second, 'ward-officer', { login: 'bina' });
    const get = (path: string) => request(server.url).get(path).set('cookie', cookie);
    expect((await get('/ogc/ulb-2/probe/3').expect(200)).body).toEqual({ ulbId: 2 });
    const other = await get('/ogc/ulb-1/probe/3').expect(403);
    const unknown = await get('/ogc/nowhere/probe/3').expect(403);
    expect(other.body.type).toBe('urn:jarib:problem:other-ulb');
    expect(other.body.detail).toBe(unknown.body.detail);
    const anonymous = await request(server.url).get('/ogc/ulb-1/probe/3').expect(401);
    expect(anonymous.headers['www-authenticate']).toMatch(/^Basic /);
    const script = await request(server.url)
      .get('/ogc/ulb-1/probe/3')
      .set('sec-fetch-mode', 'cors')
      .expect(401);
    expect(script.headers['www-authenticate']).toBeUndefined();
  });
});

describe('an API token', () => {
  const make = async (login: string, body: object) => {
    const { agent } = await signInAs(server, first, 'revenue-officer', { login });
    return { agent, answer: await agent.post('/api/tokens').send(body) };
  };

  it('works as Bearer and as Basic password beside its own login', async () => {
    const { answer } = await make('qgis', { name: 'QGIS' });
    const { token } = answer.body as { token: string };
    const get = () => request(server.url).get('/ogc/ulb-1/probe/3');
    await get().set('authorization', `Bearer ${token}`).expect(200);
    await get().auth('qgis', token).expect(200);
    await get().auth('asha', token).expect(401);
    await get().auth('qgis', password).expect(401);
  });

  it('may do what it names and the role allows, no more, and needs no CSRF token', async () => {
    const { answer } = await make('narrow', { name: 'device', permissions: ['roll:read'] });
    const { token } = answer.body as { token: string };
    const bearer = `Bearer ${token}`;
    await request(server.url).get('/ogc/ulb-1/probe/3').set('authorization', bearer).expect(403);
    await request(server.url).post('/api/probe').set('authorization', bearer).send({ size: 1 }).expect(201);
    await users.setRole(first, 'narrow', 'road-engineer');
    await request(server.url).get('/api/probe').set('authorization', bearer).expect(403);
  });

  it.each([[['users:manage']], [['tariffs:install']], [['tokens:own']]])('cannot hold %s', async (asked) => {
    const { answer } = await make(`grabber-${asked[0]?.replace(':', '-')}`, {
      name: 'x',
      permissions: asked,
    });
    expect([answer.status, answer.body.type]).toEqual([403, 'urn:jarib:problem:token-permission']);
  });

  it('is listed without its secret, and stops when it is revoked or has run out', async () => {
    const { agent, answer } = await make('lister', { name: 'phone', expiresOn: '2199-12-31' });
    const { id, token } = answer.body as { id: string; token: string };
    const listed = await agent.get('/api/tokens').expect(200);
    expect(listed.body).toMatchObject([{ id, name: 'phone', permissions: ['layers:read'] }]);
    expect(listed.text).not.toContain(token.split('.')[1]);
    const get = () => request(server.url).get('/ogc/ulb-1/probe/3').set('authorization', `Bearer ${token}`);
    await get().expect(200);
    await agent.delete(`/api/tokens/${id}`).expect(204);
    await get().expect(401);
    await agent.delete(`/api/tokens/${id}`).expect(404);
    await agent.post('/api/tokens').send({ name: 'late', expiresOn: '2020-01-01' }).expect(400);
  });
});

describe('an account', () => {
  it.each([
    'short',
    'Password1234',
    'p@$$w0rd2024',
    'qwertyuiop12',
    '12345678901',
    'aaaaaaaaaaaa',
    'JaiShriRam@123',
  ])('does not take the password %s', async (weak) => {
    const made = users.create(first, { login: 'weak', name: 'W', role: 'cashier', password: weak });
    await expect(made).rejects.toMatchObject({ kind: 'password-weak' });
  });

  it('names every fault of what was asked', async () => {
    const made = users.create(first, { login: '!', name: '', role: 'king', password });
    await expect(made).rejects.toMatchObject({
      kind: 'user-invalid',
      errors: [{ where: 'login' }, { where: 'name' }, { where: 'role' }],
    });
    const twice = users.create(first, { login: 'asha', name: 'A', role: 'cashier', password });
    await expect(twice).rejects.toMatchObject({ kind: 'login-taken', status: 409 });
  });

  it('writes every change to the audit log, without the password', async () => {
    const { rows } = await db.owner.query<{ text: string; action: string }>(
      "SELECT action, to_jsonb(audit_log)::text AS text FROM audit_log WHERE noun = 'user'",
    );
    const actions = new Set(rows.map(({ action }) => action));
    for (const action of [
      'create',
      'disable',
      'enable',
      'set-password',
      'set-role',
      'demand-totp',
      'sign-in',
    ]) {
      expect(actions).toContain(action);
    }
    expect(rows.filter(({ text }) => /argon2|nine bullocks/.test(text))).toEqual([]);
  });
});
