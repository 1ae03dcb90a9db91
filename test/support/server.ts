import { type DynamicModule, Module, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AddressInfo } from 'node:net';
import request from 'supertest';
import { AuditModule } from '../../apps/api/src/platform/audit/audit.module.js';
import { UsersService } from '../../apps/api/src/platform/auth/account/users.service.js';
import { AuthModule } from '../../apps/api/src/platform/auth/auth.module.js';
import type { Role } from '../../apps/api/src/platform/auth/permissions.js';
import type { SessionView } from '../../apps/api/src/platform/auth/session/session.schema.js';
import { DatabaseModule } from '../../apps/api/src/platform/database/database.module.js';
import { HttpModule } from '../../apps/api/src/platform/http/http.module.js';
import { createServer } from '../../apps/api/src/platform/http/server.js';
import { PlatformModule } from '../../apps/api/src/platform/platform.module.js';
import { QueueModule } from '../../apps/api/src/platform/queue/queue.module.js';
import { UlbsModule } from '../../apps/api/src/ulbs/ulbs.module.js';
import type { Context } from '../../apps/api/src/platform/database/tx.js';
import type { TestDatabase } from './database.js';

/** The real server on a real socket of its own. Call `close()` before dropping its database. */
export interface TestServer {
  app: NestFastifyApplication;
  /** `http://127.0.0.1:port`. */
  url: string;
  close(): Promise<void>;
}

@Module({})
class TestApp {}

/** Starts a server of the platform, the municipalities and the modules named. */
export async function startTestServer(
  db: TestDatabase,
  modules: (Type | DynamicModule)[] = [],
): Promise<TestServer> {
  const platform = [PlatformModule.with(db.config), DatabaseModule.with(db.config, []), AuditModule];
  const imports = [...platform, QueueModule, AuthModule, HttpModule, UlbsModule, ...modules];
  const app = await createServer(db.config, { module: TestApp, imports });
  try {
    await app.listen(0, '127.0.0.1');
  } catch (error) {
    await app.close();
    throw error;
  }
  const { port } = app.getHttpServer().address() as AddressInfo;
  return { app, url: `http://127.0.0.1:${port}`, close: () => app.close() };
}

export const testPassword = 'nine bullocks draw it';

/** A person who is signed in: `agent` sends the cookie and the CSRF token with every request. */
export interface SignedIn {
  agent: ReturnType<typeof request.agent>;
  login: string;
  cookie: string;
  session: SessionView;
}

/** Makes an account of `role` in the municipality of `ctx` and signs it in through the real door. */
export async function signInAs(
  server: TestServer,
  ctx: Context,
  role: Role,
  options: { login?: string; wardNumbers?: string[]; ulbCode?: string } = {},
): Promise<SignedIn> {
  const { login = `${role}-1`, wardNumbers, ulbCode = `ulb-${ctx.ulbId}` } = options;
  const user = { login, name: `The ${role}`, role, wardNumbers, password: testPassword };
  await server.app.get(UsersService, { strict: false }).create(ctx, user);
  return signInWith(server, ulbCode, login);
}

/** Signs in an account that exists. Throws the server's answer where it refuses. */
export async function signInWith(
  server: TestServer,
  ulb: string,
  login: string,
  password = testPassword,
): Promise<SignedIn> {
  const agent = request.agent(server.url);
  const answer = await agent.post('/api/session').send({ ulb, login, password });
  if (answer.status !== 200) throw new Error(`Sign-in was refused: ${answer.status} ${answer.text}`);
  const session = answer.body as SessionView;
  agent.set('x-csrf-token', session.csrfToken ?? '');
  const cookie = String(answer.headers['set-cookie']?.[0]).split(';')[0] ?? '';
  return { agent, login, cookie, session };
}
