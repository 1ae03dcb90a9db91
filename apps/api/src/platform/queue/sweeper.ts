import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import pg from 'pg';
import { now } from '../clock.js';
import { Config } from '../config.js';
import { Database } from '../database/database.js';
import { systemActor, type Context } from '../database/tx.js';
import { limits } from '../limits.js';
import { Log } from '../log.js';
import { Bell } from './bell.js';
import { JobsRepository } from './jobs.repository.js';

/**
 * Rings for every row that waits: at once when Postgres says that one was committed, and every few seconds for what a
 * lost message, a flushed Redis or a killed worker left behind. Several may run: a row is claimed once.
 */
@Injectable()
export class Sweeper implements OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private listener: pg.Client | null = null;
  private sweeping: Promise<void> | null = null;
  private again = false;
  private stopped = false;

  constructor(
    private readonly config: Config,
    private readonly database: Database,
    private readonly repository: JobsRepository,
    private readonly bell: Bell,
    private readonly log: Log,
  ) {}

  async start(): Promise<void> {
    this.timer = setInterval(() => void this.sweep(), limits.sweepEveryMs);
    await this.listen();
    await this.sweep();
  }

  /** Rings once for all that is due. Calls during a sweep are served by one more sweep after it. */
  async sweep(): Promise<void> {
    if (this.sweeping) {
      this.again = true;
      return this.sweeping;
    }
    this.sweeping = this.ringAll()
      .catch((error: Error) => this.log.warn({ err: error }, 'sweep failed, the next one follows'))
      .finally(() => (this.sweeping = null));
    await this.sweeping;
    if (this.again && !this.stopped) {
      this.again = false;
      await this.sweep();
    }
  }

  private async ringAll(): Promise<void> {
    const at = now();
    const before = new Date(at.getTime() - limits.reRingAfterMs);
    const due = await this.database.read(this.context(0), (tx) =>
      this.repository.due(tx, before, limits.sweepJobs),
    );
    for (const job of due) {
      if (this.stopped) return;
      await this.bell.ring(job);
      await this.database.write(this.context(job.ulb_id), (tx) => this.repository.markRung(tx, job.id));
    }
  }

  /** LISTEN needs a session of its own, so it stands outside the pool; without it the timer alone does the work. */
  private async listen(): Promise<void> {
    if (this.stopped) return;
    const client = new pg.Client({ connectionString: this.config.appUrl, application_name: 'jarib-sweeper' });
    client.on('error', () => this.listenAgain(client));
    client.on('notification', () => void this.sweep());
    try {
      await client.connect();
      await client.query('LISTEN jarib_jobs');
      this.listener = client;
    } catch {
      this.listenAgain(client);
    }
  }

  private listenAgain(client: pg.Client): void {
    client.removeAllListeners();
    client.on('error', () => undefined);
    void client.end().catch(() => undefined);
    this.listener = null;
    if (!this.stopped) setTimeout(() => void this.listen(), limits.sweepEveryMs).unref();
  }

  private context(ulbId: number): Context {
    return { actor: systemActor, ulbId, now: now() };
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearInterval(this.timer);
    await this.listener?.end().catch(() => undefined);
    await this.sweeping?.catch(() => undefined);
  }
}
