import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';

/** How a computed run becomes published, chunk by chunk, or is withdrawn. */
@Injectable()
export class PublicationRepository {
  /** False where the run was not computed. Refused by the database where the actor made the run. */
  async begin(tx: Tx, runId: string): Promise<boolean> {
    const { ulbId, actor, now } = tx.ctx;
    const begun = await tx.run(
      `UPDATE assessment_runs SET status = 'publishing', published_by = $3, published_by_login = $4,
         publish_asked_at = $5, error = NULL
       WHERE ulb_id = $1 AND id = $2 AND status = 'computed'`,
      [ulbId, runId, actor.id, actor.login, now],
    );
    return begun === 1;
  }

  async withdraw(tx: Tx, runId: string, reason: string): Promise<boolean> {
    const withdrawn = await tx.run(
      `UPDATE assessment_runs SET status = 'withdrawn', withdrawn_by_login = $3, withdrawn_at = $4, withdrawn_reason = $5
       WHERE ulb_id = $1 AND id = $2 AND status = 'computed'`,
      [tx.ctx.ulbId, runId, tx.ctx.actor.login, tx.ctx.now, reason],
    );
    return withdrawn === 1;
  }

  async unpostedChunks(tx: Tx, runId: string): Promise<number[]> {
    const rows = await tx.rows<{ chunk_no: number }>(
      `SELECT chunk_no FROM assessment_chunks WHERE ulb_id = $1 AND run_id = $2 AND posted_at IS NULL ORDER BY chunk_no`,
      [tx.ctx.ulbId, runId],
    );
    return rows.map((row) => row.chunk_no);
  }

  async finishChunk(tx: Tx, runId: string, chunkNo: number): Promise<void> {
    await tx.run(
      'UPDATE assessment_chunks SET posted_at = $4 WHERE ulb_id = $1 AND run_id = $2 AND chunk_no = $3',
      [tx.ctx.ulbId, runId, chunkNo, tx.ctx.now],
    );
  }

  /** Ends a publication of which every chunk is posted; false where it has ended, or something is left. */
  async finish(tx: Tx, runId: string, publishedAt: Date): Promise<boolean> {
    const finished = await tx.run(
      `UPDATE assessment_runs SET status = 'published', published_at = $3, error = NULL
       WHERE ulb_id = $1 AND id = $2 AND status = 'publishing' AND NOT EXISTS (SELECT FROM assessment_chunks
         WHERE ulb_id = $1 AND run_id = $2 AND posted_at IS NULL)`,
      [tx.ctx.ulbId, runId, publishedAt],
    );
    return finished === 1;
  }

  async clearError(tx: Tx, runId: string): Promise<void> {
    await tx.run('UPDATE assessment_runs SET error = NULL WHERE ulb_id = $1 AND id = $2', [
      tx.ctx.ulbId,
      runId,
    ]);
  }

  /** States why a publication stands still; it goes on where it is resumed. */
  async stop(tx: Tx, runId: string, error: string): Promise<void> {
    await tx.run(
      `UPDATE assessment_runs SET error = $3 WHERE ulb_id = $1 AND id = $2 AND status = 'publishing'`,
      [tx.ctx.ulbId, runId, error],
    );
  }
}
