import { Injectable } from '@nestjs/common';
import { uuidV7 } from '../../core/ids.js';
import type { Tx } from '../database/tx.js';
import { limits } from '../limits.js';
import type { JobDefinition } from './job.js';
import { JobsRepository } from './jobs.repository.js';

/** Asks for work to be done after the caller's transaction commits, and only if it does. */
@Injectable()
export class Jobs {
  constructor(private readonly repository: JobsRepository) {}

  /** Returns the job's id, or the open job's where one with the same key waits or runs. */
  async add<P extends object>(tx: Tx, job: JobDefinition<P>, payload: P): Promise<string> {
    const checked = job.payload.parse(payload);
    return this.repository.add(tx, {
      id: uuidV7(tx.ctx.now.getTime()),
      queue: job.queue,
      name: job.name,
      key: job.key ? job.key(checked) : null,
      payload: checked,
      maxAttempts: job.attempts ?? limits.jobAttempts,
    });
  }
}
