import { Injectable } from '@nestjs/common';
import { now } from '../clock.js';
import { Database } from '../database/database.js';
import { systemActor, type Context } from '../database/tx.js';
import { limits } from '../limits.js';
import { Log } from '../log.js';
import { JobRegistry } from './job-registry.js';
import { actorOf, type JobRow, JobsRepository } from './jobs.repository.js';

/** Does one job: claims its row, keeps the lease while the handler works, records the end. */
@Injectable()
export class JobRunner {
  constructor(
    private readonly database: Database,
    private readonly repository: JobsRepository,
    private readonly registry: JobRegistry,
    private readonly log: Log,
  ) {}

  async run(ulbId: number, id: string): Promise<void> {
    const claim = await this.database.write(this.context(ulbId), (tx) =>
      this.repository.claim(tx, id, leaseFrom(tx.ctx.now)),
    );
    if (!claim) return;
    // Whoever had it died with it each time: it ends here, before it takes this process down as well.
    if (claim.attempts > claim.max_attempts)
      await this.failed(ulbId, claim, new Error('Its worker died each time.'));
    else await this.work(ulbId, claim);
  }

  private async work(ulbId: number, row: JobRow): Promise<void> {
    const entry = this.registry.get(row.name);
    const lost = new AbortController();
    const heartbeat = setInterval(() => void this.extend(ulbId, row, lost), limits.jobLeaseMs / 3);
    try {
      if (!entry) throw new Error(`No handler is registered for job ${row.name}.`);
      const payload = entry.job.payload.parse(row.payload);
      await entry.handler({ actor: actorOf(row), ulbId, now: now() }, payload, lost.signal);
      await this.database.write(this.context(ulbId), (tx) =>
        this.repository.finish(tx, row.id, row.attempts),
      );
    } catch (error) {
      await this.failed(ulbId, row, error as Error);
    } finally {
      clearInterval(heartbeat);
    }
  }

  private async extend(ulbId: number, row: JobRow, lost: AbortController): Promise<void> {
    try {
      const kept = await this.database.write(this.context(ulbId), (tx) =>
        this.repository.extendLease(tx, row.id, row.attempts, leaseFrom(tx.ctx.now)),
      );
      if (!kept) lost.abort(new Error(`The lease of job ${row.id} was lost.`));
    } catch (error) {
      // The database may be restarting: the lease outlives a few missed heartbeats.
      this.log.warn({ job: row.name, id: row.id, err: error as Error }, 'lease not extended');
    }
  }

  /** If even this cannot be written, the lease runs out and the sweeper rings the row again. */
  private async failed(ulbId: number, row: JobRow, error: Error): Promise<void> {
    this.log.warn({ job: row.name, id: row.id, attempt: row.attempts, err: error }, 'job failed');
    const entry = this.registry.get(row.name);
    const pauseMs = (entry?.job.backOffMs ?? 1_000) * 2 ** (row.attempts - 1);
    const retryAt = new Date(now().getTime() + pauseMs);
    try {
      // Told before the job is ended: if this process dies in between, the job is rung again and told again.
      if (row.attempts >= row.max_attempts) {
        await entry?.givenUp?.({ actor: actorOf(row), ulbId, now: now() }, row.payload, error);
      }
      await this.database.write(this.context(ulbId), (tx) =>
        this.repository.fail(tx, row.id, row.attempts, error.message, retryAt),
      );
    } catch (reason) {
      this.log.error({ job: row.name, id: row.id, err: reason as Error }, 'failure not recorded');
    }
  }

  private context(ulbId: number): Context {
    return { actor: systemActor, ulbId, now: now() };
  }
}

function leaseFrom(instant: Date): Date {
  return new Date(instant.getTime() + limits.jobLeaseMs);
}
