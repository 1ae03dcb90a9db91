import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import { setTimeout as pause } from 'node:timers/promises';
import request from 'supertest';
import { Public } from '../../apps/api/src/platform/auth/allow.js';
import { Database } from '../../apps/api/src/platform/database/database.js';
import { createTestDatabase, createTestUlb, testContext, type TestDatabase } from '../support/database.js';
import { startTestServer } from '../support/server.js';

@Controller('api/slow')
class SlowController {
  constructor(private readonly database: Database) {}

  @Get()
  @Public()
  async show() {
    await pause(500);
    return this.database.read(testContext(1), (tx) => tx.one('SELECT 1 AS answer'));
  }
}
@Module({ controllers: [SlowController] })
class SlowModule {}

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
  await createTestUlb(db, 1);
});
afterAll(() => db?.drop());

it('a server that is told to stop finishes what it has begun, takes nothing new, and is gone', async () => {
  const server = await startTestServer(db, [SlowModule]);
  const begun = request(server.url)
    .get('/api/slow')
    .then(({ status, body }) => ({ status, body: body as unknown }));
  await pause(150);
  const stopped = server.close();
  await pause(50);
  await request(server.url).get('/api/ulbs').expect(503);
  expect(await begun).toEqual({ status: 200, body: { answer: 1 } });
  await stopped;
  await expect(request(server.url).get('/api/ulbs')).rejects.toThrow(/ECONNREFUSED/);
});
