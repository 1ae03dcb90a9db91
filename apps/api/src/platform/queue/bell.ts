import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { type ConnectionOptions, Queue } from 'bullmq';
import { Config } from '../config.js';
import type { DueJob } from './jobs.repository.js';
import { type QueueName, queueNames } from './job.js';

/** BullMQ's side of a redis:// address. Queues of different databases on one Redis are kept apart by their prefix. */
export function bullConnection(config: Config): { connection: ConnectionOptions; prefix: string } {
  const url = new URL(config.redisUrl);
  const database = new URL(config.appUrl).pathname.slice(1);
  return {
    connection: {
      host: url.hostname,
      port: Number(url.port || 6379),
      username: url.username || undefined,
      password: decodeURIComponent(url.password) || undefined,
      db: Number(url.pathname.slice(1) || 0),
      tls: url.protocol === 'rediss:' ? {} : undefined,
      maxRetriesPerRequest: null,
    },
    // In braces: one slot of a Redis cluster for all keys of a queue.
    prefix: `{jarib-${database}}`,
  };
}

/** Rings Redis for rows that wait. Losing all of Redis loses nothing but the ringing, and the sweeper repeats that. */
@Injectable()
export class Bell implements OnApplicationShutdown {
  private readonly queues = new Map<QueueName, Queue>();

  constructor(private readonly config: Config) {}

  async ring(job: DueJob): Promise<void> {
    await this.queue(job.queue as QueueName).add(
      job.name,
      { ulbId: job.ulb_id },
      // A kept id would be ignored when it is rung again, so nothing is kept.
      { jobId: job.id, removeOnComplete: true, removeOnFail: true },
    );
  }

  private queue(name: QueueName): Queue {
    if (!queueNames.includes(name)) throw new Error(`There is no queue ${name}.`);
    let queue = this.queues.get(name);
    if (!queue) {
      queue = new Queue(name, bullConnection(this.config));
      queue.on('error', () => undefined); // Redis is away: the sweeper rings again when it is back.
      this.queues.set(name, queue);
    }
    return queue;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
  }
}
