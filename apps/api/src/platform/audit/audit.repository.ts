import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/tx.js';
import type { AuditEntry } from './audit.js';

@Injectable()
export class AuditRepository {
  async insert(tx: Tx, id: string, entry: AuditEntry): Promise<void> {
    const { action, noun, nounId, before, after, reason } = entry;
    await tx.run(
      `INSERT INTO audit_log (ulb_id, id, at, actor_id, actor_login, action, noun, noun_id, before, after, reason)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        tx.ctx.ulbId,
        id,
        tx.ctx.now,
        tx.ctx.actor.id,
        tx.ctx.actor.login,
        action,
        noun,
        nounId ?? null,
        json(before),
        json(after),
        reason ?? null,
      ],
    );
  }
}

function json(value: object | undefined): string | null {
  return value
    ? JSON.stringify(value, (_key, held: unknown) => (typeof held === 'bigint' ? String(held) : held))
    : null;
}
