import { Injectable } from '@nestjs/common';
import type { Context } from '../database/tx.js';
import type { JobDefinition } from './job.js';

export type JobHandler<P extends object> = (ctx: Context, payload: P, signal: AbortSignal) => Promise<void>;
/** Called once when all tries are used up, so that the rows which a person watches say so. */
export type JobGivenUp<P extends object> = (ctx: Context, payload: P, error: Error) => Promise<void>;

interface Entry {
  job: JobDefinition<object>;
  handler: JobHandler<object>;
  givenUp?: JobGivenUp<object>;
}

/** Which code does which job. Modules register at start; a job with two handlers stops the process there. */
@Injectable()
export class JobRegistry {
  private readonly entries = new Map<string, Entry>();

  /** Handlers are called at least once: each must see from its rows what is done already. */
  handle<P extends object>(job: JobDefinition<P>, handler: JobHandler<P>, givenUp?: JobGivenUp<P>): void {
    if (this.entries.has(job.name)) throw new Error(`Job ${job.name} has two handlers.`);
    this.entries.set(job.name, { job, handler, givenUp } as unknown as Entry);
  }

  get(name: string): Entry | undefined {
    return this.entries.get(name);
  }

  get names(): string[] {
    return [...this.entries.keys()];
  }
}
