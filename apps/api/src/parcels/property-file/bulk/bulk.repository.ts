import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/tx.js';
import type { BulkReport } from './bulk-report.js';

export interface BatchRow {
  id: string;
  file: string;
  file_sha256: string;
  status: 'submitted' | 'approved' | 'returned';
  report: BulkReport;
  made_by: string | null;
  made_by_login: string;
  made_at: Date;
  decided_by_login: string | null;
  decided_at: Date | null;
  decision_reason: string | null;
}

const columns = `id, file, file_sha256, status, report, made_by, made_by_login, made_at, decided_by_login, decided_at,
  decision_reason`;

@Injectable()
export class BulkRepository {
  async find(tx: Tx, id: string): Promise<BatchRow | null> {
    return tx.maybe(
      `SELECT ${columns} FROM property_change_batches WHERE ulb_id = $1 AND id = $2 FOR UPDATE`,
      [tx.ctx.ulbId, id],
    );
  }

  /** What the same file made before, unless it was returned. Two of one file at once wait for each other. */
  async ofFile(tx: Tx, sha256: string): Promise<BatchRow | null> {
    await tx.run('SELECT pg_advisory_xact_lock($1, hashtext($2))', [tx.ctx.ulbId, sha256]);
    return tx.maybe(
      `SELECT ${columns} FROM property_change_batches
       WHERE ulb_id = $1 AND file_sha256 = $2 AND status <> 'returned'`,
      [tx.ctx.ulbId, sha256],
    );
  }

  async list(tx: Tx, most: number): Promise<BatchRow[]> {
    return tx.rows(
      `SELECT ${columns} FROM property_change_batches WHERE ulb_id = $1 ORDER BY id DESC LIMIT $2`,
      [tx.ctx.ulbId, most],
    );
  }

  async insert(tx: Tx, report: BulkReport): Promise<void> {
    const { id, file, fileSha256 } = report;
    const { actor, now, ulbId } = tx.ctx;
    await tx.run(
      `INSERT INTO property_change_batches (ulb_id, id, file, file_sha256, status, report, made_by, made_by_login, made_at)
       VALUES ($1, $2, $3, $4, 'submitted', $5::jsonb, $6, $7, $8)`,
      [ulbId, id, file, fileSha256, JSON.stringify(report), actor.id, actor.login, now],
    );
  }

  async decide(tx: Tx, id: string, status: 'approved' | 'returned', reason: string | null): Promise<void> {
    await tx.run(
      `UPDATE property_change_batches SET status = $3, decided_by = $4, decided_by_login = $5, decided_at = $6,
         decision_reason = $7 WHERE ulb_id = $1 AND id = $2`,
      [tx.ctx.ulbId, id, status, tx.ctx.actor.id, tx.ctx.actor.login, tx.ctx.now, reason],
    );
  }

  /** The changes of a file. */
  async changeIds(tx: Tx, id: string): Promise<string[]> {
    const rows = await tx.rows<{ id: string }>(
      'SELECT id FROM property_changes WHERE ulb_id = $1 AND batch_id = $2 ORDER BY id',
      [tx.ctx.ulbId, id],
    );
    return rows.map((row) => row.id);
  }

  async idsOfNumbers(tx: Tx, numbers: string[]): Promise<Map<string, string>> {
    const rows = await tx.rows<{ id: string; number: string }>(
      'SELECT id, number FROM properties WHERE ulb_id = $1 AND number = ANY ($2::text[])',
      [tx.ctx.ulbId, numbers],
    );
    return new Map(rows.map((row) => [row.number, row.id]));
  }
}
