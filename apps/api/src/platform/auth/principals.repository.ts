import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/tx.js';

export interface PrincipalRow {
  user_id: string;
  login: string;
  name: string;
  role: string;
  ward_numbers: string[] | null;
  /** Null for a session, which may do all that the role may. */
  permissions: string[] | null;
  csrf_token: string | null;
  expires_at: Date | null;
  seen_at: Date | null;
}

/** Sessions and tokens that are in force, of people who are not disabled. */
@Injectable()
export class PrincipalsRepository {
  async ofSession(tx: Tx, hash: string, seenAfter: Date): Promise<PrincipalRow | null> {
    return tx.maybe(
      `SELECT u.id AS user_id, u.login, u.name, u.role, u.ward_numbers, NULL AS permissions,
              s.csrf_token, s.expires_at, s.seen_at
       FROM sessions s JOIN users u ON u.ulb_id = s.ulb_id AND u.id = s.user_id
       WHERE s.ulb_id = $1 AND s.token_hash = decode($2, 'hex') AND s.expires_at > $3 AND s.seen_at > $4
         AND u.disabled_at IS NULL`,
      [tx.ctx.ulbId, hash, tx.ctx.now, seenAfter],
    );
  }

  async ofToken(tx: Tx, hash: string): Promise<PrincipalRow | null> {
    return tx.maybe(
      `SELECT u.id AS user_id, u.login, u.name, u.role, u.ward_numbers, t.permissions,
              NULL AS csrf_token, t.expires_at, NULL AS seen_at
       FROM api_tokens t JOIN users u ON u.ulb_id = t.ulb_id AND u.id = t.user_id
       WHERE t.ulb_id = $1 AND t.token_hash = decode($2, 'hex') AND t.revoked_at IS NULL
         AND (t.expires_at IS NULL OR t.expires_at > $3) AND u.disabled_at IS NULL`,
      [tx.ctx.ulbId, hash, tx.ctx.now],
    );
  }

  async touch(tx: Tx, hash: string): Promise<void> {
    await tx.run(`UPDATE sessions SET seen_at = $3 WHERE ulb_id = $1 AND token_hash = decode($2, 'hex')`, [
      tx.ctx.ulbId,
      hash,
      tx.ctx.now,
    ]);
  }
}
