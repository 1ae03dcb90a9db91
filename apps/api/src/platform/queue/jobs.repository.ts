import { Injectable } from '@nestjs/common';
import type { Actor, Tx } from '../database/tx.js';

export interface JobRow {
  id: string;
  name: string;
  payload: object;
  attempts: number;
  max_attempts: number;
  actor: { id: string | null; login: string; permissions: string[]; wardNumbers: string[] | null };
}

export interface DueJob {
  ulb_id: number;
  id: string;
  queue: string;
  name: string;
}

interface NewJob {
  id: string;
  queue: string;
  name: string;
  key: string | null;
  payload: object;
  maxAttempts: number;
}

/** The table `jobs`: queue of record and outbox in one. Redis only rings the bell for its rows. */
@Injectable()
export class JobsRepository {
  /** Returns the new job's id, or that of the waiting job with the same key. */
  async add(tx: Tx, job: NewJob): Promise<string> {
    for (let tries = 0; tries < 5; tries += 1) {
      const added = await this.insert(tx, job);
      if (added) {
        // Delivered on commit and never on rollback: the bell cannot ring for a row that does not stand.
        await tx.run("SELECT pg_notify('jarib_jobs', '')");
        return added.id;
      }
      const waiting = await tx.maybe<{ id: string }>(
        "SELECT id FROM jobs WHERE ulb_id = $1 AND name = $2 AND key = $3 AND status = 'pending'",
        [tx.ctx.ulbId, job.name, job.key],
      );
      if (waiting) return waiting.id;
      // It was taken between the two statements, so that the key is free again.
    }
    throw new Error(`Job ${job.name} could not be added: its key ${job.key} was taken and left five times.`);
  }

  private async insert(tx: Tx, job: NewJob): Promise<{ id: string } | null> {
    const { id: actorId, login, permissions, wardNumbers } = tx.ctx.actor;
    const actor = { id: actorId, login, permissions: [...permissions], wardNumbers };
    return tx.maybe<{ id: string }>(
      `INSERT INTO jobs (ulb_id, id, queue, name, key, payload, max_attempts, run_after, created_at, actor)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9)
       ON CONFLICT (ulb_id, name, key) WHERE key IS NOT NULL AND status = 'pending' DO NOTHING
       RETURNING id`,
      [tx.ctx.ulbId, job.id, job.queue, job.name, job.key, job.payload, job.maxAttempts, tx.ctx.now, actor],
    );
  }

  /** Across municipalities, by the one function that may: numbers only, no payload. */
  async due(tx: Tx, reRingBefore: Date, most: number): Promise<DueJob[]> {
    return tx.rows<DueJob>('SELECT ulb_id, id, queue, name FROM jobs_due($1, $2, $3)', [
      tx.ctx.now,
      reRingBefore,
      most,
    ]);
  }

  async markRung(tx: Tx, id: string): Promise<void> {
    await tx.run('UPDATE jobs SET rung_at = $3 WHERE ulb_id = $1 AND id = $2', [
      tx.ctx.ulbId,
      id,
      tx.ctx.now,
    ]);
  }

  /** Takes a job that waits, or whose worker has let its lease run out. Null: another has it, or it is over. */
  async claim(tx: Tx, id: string, leaseUntil: Date): Promise<JobRow | null> {
    return tx.maybe<JobRow>(
      `UPDATE jobs SET status = 'running', attempts = attempts + 1, lease_until = $3, error = NULL
       WHERE ulb_id = $1 AND id = $2
         AND ((status = 'pending' AND run_after <= $4) OR (status = 'running' AND lease_until < $4))
       RETURNING id, name, payload, attempts, max_attempts, actor`,
      [tx.ctx.ulbId, id, leaseUntil, tx.ctx.now],
    );
  }

  /** False where the lease was lost meanwhile: the work goes on elsewhere and must stop here. */
  async extendLease(tx: Tx, id: string, attempt: number, leaseUntil: Date): Promise<boolean> {
    const sql = `UPDATE jobs SET lease_until = $4
       WHERE ulb_id = $1 AND id = $2 AND attempts = $3 AND status = 'running'`;
    return (await tx.run(sql, [tx.ctx.ulbId, id, attempt, leaseUntil])) === 1;
  }

  async finish(tx: Tx, id: string, attempt: number): Promise<void> {
    await tx.run(
      `UPDATE jobs SET status = 'done', finished_at = $4, lease_until = NULL
       WHERE ulb_id = $1 AND id = $2 AND attempts = $3 AND status = 'running'`,
      [tx.ctx.ulbId, id, attempt, tx.ctx.now],
    );
  }

  /** Puts a failed job back with a pause, or ends it where its tries are used up. Says which. */
  async fail(
    tx: Tx,
    id: string,
    attempt: number,
    error: string,
    retryAt: Date,
  ): Promise<'pending' | 'failed' | null> {
    const row = await tx.maybe<{ status: 'pending' | 'failed' }>(
      `UPDATE jobs SET error = $4, run_after = $5, lease_until = NULL, rung_at = NULL,
         status = CASE WHEN attempts >= max_attempts THEN 'failed' ELSE 'pending' END,
         finished_at = CASE WHEN attempts >= max_attempts THEN $6::timestamptz END
       WHERE ulb_id = $1 AND id = $2 AND attempts = $3 AND status = 'running' RETURNING status`,
      [tx.ctx.ulbId, id, attempt, error.slice(0, 4_000), retryAt, tx.ctx.now],
    );
    return row?.status ?? null;
  }
}

/** The actor of a job: who asked for it, with the permissions of that moment. */
export function actorOf(row: JobRow): Actor {
  return { ...row.actor, permissions: new Set(row.actor.permissions) };
}
