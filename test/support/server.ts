import { type DynamicModule, Module, type Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { AddressInfo } from 'node:net';
import { AuditModule } from '../../apps/api/src/platform/audit/audit.module.js';
import { AuthModule } from '../../apps/api/src/platform/auth/auth.module.js';
import { DatabaseModule } from '../../apps/api/src/platform/database/database.module.js';
import { HttpModule } from '../../apps/api/src/platform/http/http.module.js';
import { createServer } from '../../apps/api/src/platform/http/server.js';
import { PlatformModule } from '../../apps/api/src/platform/platform.module.js';
import { QueueModule } from '../../apps/api/src/platform/queue/queue.module.js';
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

/** Starts a server of the platform and the modules named. */
export async function startTestServer(
  db: TestDatabase,
  modules: (Type | DynamicModule)[] = [],
): Promise<TestServer> {
  const platform = [PlatformModule.with(db.config), DatabaseModule.with(db.config, []), AuditModule];
  const imports = [...platform, QueueModule, AuthModule, HttpModule, ...modules];
  const app = await createServer(db.config, { module: TestApp, imports });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return { app, url: `http://127.0.0.1:${port}`, close: () => app.close() };
}
