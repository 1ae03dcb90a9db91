import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/tx.js';

export interface TokenRow {
  id: string;
  name: string;
  permissions: string[];
  created_at: Date;
  expires_at: Date | null;
}

/** A token's id is the hash of its secret, from which the secret cannot be had. */
@Injectable()
export class TokensRepository {
  async insert(
    tx: Tx,
    token: { hash: string; userId: string; name: string; permissions: string[]; expiresAt: Date },
  ): Promise<void> {
    await tx.run(
      `INSERT INTO api_tokens (ulb_id, token_hash, user_id, name, permissions, created_at, expires_at)
       VALUES ($1, decode($2, 'hex'), $3, $4, $5, $6, $7)`,
      [tx.ctx.ulbId, token.hash, token.userId, token.name, token.permissions, tx.ctx.now, token.expiresAt],
    );
  }

  /** Those of one person that are in force. */
  async ofUser(tx: Tx, userId: string): Promise<TokenRow[]> {
    return tx.rows(
      `SELECT encode(token_hash, 'hex') AS id, name, permissions, created_at, expires_at FROM api_tokens
       WHERE ulb_id = $1 AND user_id = $2 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $3)
       ORDER BY created_at, token_hash`,
      [tx.ctx.ulbId, userId, tx.ctx.now],
    );
  }

  async revoke(tx: Tx, id: string, userId: string): Promise<number> {
    return tx.run(
      `UPDATE api_tokens SET revoked_at = $4
       WHERE ulb_id = $1 AND token_hash = decode($2, 'hex') AND user_id = $3 AND revoked_at IS NULL`,
      [tx.ctx.ulbId, id, userId, tx.ctx.now],
    );
  }
}
