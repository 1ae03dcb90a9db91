import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Worker } from 'bullmq';
import { Config } from '../config.js';
import { Log } from '../log.js';
import { bullConnection } from './bell.js';
import { type JobDefinition, type QueueName, queueNames } from './job.js';
import { JobRegistry } from './job-registry.js';
import { JobRunner } from './runner.js';

/** How many jobs of a kind one process does at once: city work is bound by the database, not by this process. */
function concurrencyOf(name: QueueName, config: Config): number {
  return { quick: 4, batch: config.batchJobs, import: 1 }[name];
}

/** The worker's side of the queues. Started by worker.ts only. */
@Injectable()
export class JobWorker implements OnApplicationShutdown {
  private workers: Worker[] = [];

  constructor(
    private readonly config: Config,
    private readonly registry: JobRegistry,
    private readonly runner: JobRunner,
    private readonly log: Log,
  ) {}

  /** Throws where one of the `expected` jobs has no handler: a worker that would drop work does not start. */
  start(expected: readonly JobDefinition<never>[]): void {
    const missing = expected.filter((job) => !this.registry.get(job.name)).map((job) => job.name);
    if (missing.length) throw new Error(`No handler is registered for: ${missing.join(', ')}.`);
    this.workers = queueNames.map((name) => {
      const worker = new Worker(
        name,
        (job) => this.runner.run((job.data as { ulbId: number }).ulbId, job.id ?? ''),
        {
          ...bullConnection(this.config),
          concurrency: concurrencyOf(name, this.config),
          // A killed worker's ringing comes back after seconds, not after the default minute.
          lockDuration: 10_000,
          stalledInterval: 5_000,
          maxStalledCount: 1,
        },
      );
      worker.on('error', (error) => this.log.warn({ queue: name, err: error }, 'queue connection'));
      return worker;
    });
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.close()));
  }
}
