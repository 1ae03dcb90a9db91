import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/tx.js';
import { limits } from '../../limits.js';

@Injectable()
export class SessionsRepository {
  /** Also drops what of this person's sessions has run out, so that the table does not only grow. */
  async insert(tx: Tx, session: { hash: string; userId: string; csrfToken: string }): Promise<void> {
    const at = tx.ctx.now.getTime();
    await tx.run(
      'DELETE FROM sessions WHERE ulb_id = $1 AND user_id = $2 AND (expires_at <= $3 OR seen_at <= $4)',
      [tx.ctx.ulbId, session.userId, tx.ctx.now, new Date(at - limits.sessionIdleMs)],
    );
    await tx.run(
      `INSERT INTO sessions (ulb_id, token_hash, user_id, csrf_token, created_at, seen_at, expires_at)
       VALUES ($1, decode($2, 'hex'), $3, $4, $5, $5, $6)`,
      [
        tx.ctx.ulbId,
        session.hash,
        session.userId,
        session.csrfToken,
        tx.ctx.now,
        new Date(at + limits.sessionAbsoluteMs),
      ],
    );
  }

  async delete(tx: Tx, hash: string): Promise<void> {
    await tx.run(`DELETE FROM sessions WHERE ulb_id = $1 AND token_hash = decode($2, 'hex')`, [
      tx.ctx.ulbId,
      hash,
    ]);
  }

  async deleteOfUser(tx: Tx, userId: string): Promise<void> {
    await tx.run('DELETE FROM sessions WHERE ulb_id = $1 AND user_id = $2', [tx.ctx.ulbId, userId]);
  }
}
