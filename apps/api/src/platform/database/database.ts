import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import { limits } from '../limits.js';
import { oneTrip } from './one-trip.js';
import { Tx, type Context } from './tx.js';

export interface TransactionOptions {
  /** For jobs: longer than a request may take. */
  statementTimeoutMs?: number;
  /** A reading of several statements that must agree with each other. */
  snapshot?: boolean;
}

/** The only source of transactions. Each is told its municipality before the first statement of its work. */
@Injectable()
export class Database implements OnApplicationShutdown {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Runs `work` in one transaction that commits when it resolves and leaves nothing behind when it rejects.
   * The municipality is set for the transaction only: a reused connection starts with none.
   */
  async write<T>(ctx: Context, work: (tx: Tx) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    const runner = this.dataSource.createQueryRunner();
    try {
      const client = (await runner.connect()) as PoolClient;
      await runner.startTransaction(options.snapshot ? 'REPEATABLE READ' : 'READ COMMITTED');
      try {
        await client.query(settings(ctx, options));
        const result = await work(new Tx(ctx, client, runner.manager));
        await runner.commitTransaction();
        return result;
      } catch (error) {
        // The connection itself may be gone; then there is nothing to roll back and the first error says why.
        await runner.rollbackTransaction().catch(() => undefined);
        throw error;
      }
    } finally {
      await runner.release();
    }
  }

  /**
   * Runs `work` in one read-only transaction. One round trip opens it, and its end is not waited for: what was read
   * stands whatever becomes of the COMMIT. Tiles and features are served through here.
   */
  async read<T>(ctx: Context, work: (tx: Tx) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    const runner = this.dataSource.createQueryRunner('master');
    let client: PoolClient | null = null;
    let end = 'ROLLBACK';
    try {
      client = (await runner.connect()) as PoolClient;
      const isolation = options.snapshot ? 'ISOLATION LEVEL REPEATABLE READ ' : '';
      await client.query(`BEGIN ${isolation}READ ONLY; ${settings(ctx, options)}`);
      const result = await work(new Tx(ctx, client, null));
      end = 'COMMIT';
      return result;
    } finally {
      const ended = client ? client.query(end).then(nothing, nothing) : Promise.resolve();
      void ended.then(() => runner.release());
    }
  }

  /**
   * As `read`, for work that asks exactly one statement, such as a tile: its settings and itself go to the server in one
   * round trip and end with it. Rejects when the work asks a second one.
   */
  async readOne<T>(ctx: Context, work: (tx: Tx) => Promise<T>): Promise<T> {
    const runner = this.dataSource.createQueryRunner('master');
    try {
      const client = (await runner.connect()) as PoolClient;
      // Many ask at once: a worker process for one of them takes longer to start than its statement runs.
      const more =
        "set_config('transaction_read_only', 'on', true), set_config('max_parallel_workers_per_gather', '0', true)";
      const opening = `${settings(ctx, {})}, ${more}`;
      return await work(new Tx(ctx, oneTrip(client, opening), null));
    } finally {
      await runner.release();
    }
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}

const nothing = () => undefined;

/** Settings of one transaction. Only whole numbers are written into the text, and they are checked to be such. */
function settings(ctx: Context, options: TransactionOptions): string {
  const timeoutMs = options.statementTimeoutMs ?? limits.statementTimeoutMs;
  if (!Number.isSafeInteger(ctx.ulbId) || ctx.ulbId < 0)
    throw new Error(`ulbId is no municipality: ${ctx.ulbId}`);
  if (!Number.isSafeInteger(timeoutMs))
    throw new Error(`statementTimeoutMs is no whole number: ${timeoutMs}`);
  return (
    `SELECT set_config('jarib.ulb_id', '${ctx.ulbId}', true), ` +
    `set_config('statement_timeout', '${timeoutMs}', true), ` +
    `set_config('lock_timeout', '${limits.lockTimeoutMs}', true)`
  );
}
