import { NestFactory } from '@nestjs/core';
import type { INestApplicationContext } from '@nestjs/common';
import { AppModule } from '../app.module.js';
import { Problem } from '../core/problem.js';
import { permissions } from '../platform/auth/permissions.js';
import { now } from '../platform/clock.js';
import { type Config, readConfig } from '../platform/config.js';
import type { Context } from '../platform/database/tx.js';
import { UlbsService } from '../ulbs/ulbs.service.js';

/** The application without a server, for the length of one command. */
export interface Session {
  app: INestApplicationContext;
  config: Config;
  /** The operator's context in the municipality of that code. Throws a Problem that lists the codes there are. */
  contextOf(ulbCode: string): Promise<Context>;
}

/** Who holds the machine and its database may do everything; what is done is written to the audit log as `operator`. */
export function operatorContext(ulbId: number): Context {
  const actor = { id: null, login: 'operator', permissions: new Set<string>(permissions), wardNumbers: null };
  return { actor, ulbId, now: now() };
}

/** Opens the application, does `work`, and closes it, whatever happens. */
export async function withSession<T>(work: (session: Session) => Promise<T>): Promise<T> {
  const config = readConfig({ LOG_LEVEL: 'error', ...process.env });
  const options = { abortOnError: false, logger: false as const };
  const app = await NestFactory.createApplicationContext(AppModule.with(config), options);
  await app.init();
  try {
    return await work({ app, config, contextOf: (code) => contextOf(app, code) });
  } finally {
    await app.close();
  }
}

async function contextOf(app: INestApplicationContext, ulbCode: string): Promise<Context> {
  const ulbs = await app.get(UlbsService, { strict: false }).list();
  const ulb = ulbs.find(({ code }) => code === ulbCode);
  if (!ulb) {
    const codes = ulbs.map(({ code }) => code).join(', ') || 'none yet: jarib ulb create';
    throw new Problem(404, 'ulb-unknown', `There is no municipality "${ulbCode}". There are: ${codes}.`, [
      { where: '--ulb', value: ulbCode, message: 'unknown municipality' },
    ]);
  }
  return operatorContext(ulb.ulbId);
}
