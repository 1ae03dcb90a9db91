import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { AppModule } from './app.module.js';
import { assessChunk, classifyMap, planRun } from './assessment/assessment.jobs.js';
import { LapseClock } from './assessment/rebate/lapse-clock.js';
import { readConfig } from './platform/config.js';
import { NestLogger } from './platform/http/nest-logger.js';
import { Log } from './platform/log.js';
import { JobWorker } from './platform/queue/worker.js';
import { Sweeper } from './platform/queue/sweeper.js';
import { AuditChainer } from './platform/audit/audit-chainer.js';

/** The job process. Any number of them may run; what is to be done stands in Postgres. */
const config = readConfig(process.env);
const app = await NestFactory.createApplicationContext(AppModule.with(config), {
  abortOnError: false,
  logger: new NestLogger(new Log(config)),
});
app.enableShutdownHooks();
await app.init();
app.get(JobWorker).start([planRun, assessChunk, classifyMap] as never[]);
await app.get(Sweeper).start();
app.get(AuditChainer).start();
app.get(LapseClock, { strict: false }).start();
app.get(Log).info({}, 'working');
