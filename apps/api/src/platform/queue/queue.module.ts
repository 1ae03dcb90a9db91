import { Global, Module } from '@nestjs/common';
import { Bell } from './bell.js';
import { JobRegistry } from './job-registry.js';
import { Jobs } from './jobs.js';
import { JobsRepository } from './jobs.repository.js';
import { Progress } from './progress.js';
import { JobRunner } from './runner.js';
import { Sweeper } from './sweeper.js';
import { JobWorker } from './worker.js';

/** Jobs for every module; the sweeper and the worker wait to be started by worker.ts. */
@Global()
@Module({
  providers: [Bell, JobRegistry, Jobs, JobsRepository, Progress, JobRunner, Sweeper, JobWorker],
  exports: [Jobs, JobRegistry, Progress, Sweeper, JobWorker, JobRunner],
})
export class QueueModule {}
