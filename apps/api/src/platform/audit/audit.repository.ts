import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/tx.js';
import type { AuditEntry } from './audit.js';

/** A row of the log as the chain sees it. */
export interface LoggedRow {
  id: string;
  atMs: number;
  /** The whole row as text that depends on nothing but the row. */
  canonical: string;
}

export interface ChainedRow {
  seq: number;
  id: string;
  hash: string;
  /** Null where the row of the log is gone. */
  row: LoggedRow | null;
}

// jsonb writes its keys in one order; an instant as microseconds does not depend on the session's time zone.
const canonical = `jsonb_build_array(a.ulb_id, a.id, (extract(epoch FROM a.at) * 1000000)::bigint, a.actor_id,
  a.actor_login, a.action, a.noun, a.noun_id, a.before, a.after, a.reason)::text`;
const logged = `a.id, (extract(epoch FROM a.at) * 1000)::float8 AS "atMs", ${canonical} AS canonical`;

@Injectable()
export class AuditRepository {
  async insert(tx: Tx, id: string, entry: AuditEntry): Promise<void> {
    const { action, noun, nounId, before, after, reason } = entry;
    const { ulbId, now, actor } = tx.ctx;
    await tx.run(
      `INSERT INTO audit_log
         (ulb_id, id, at, actor_id, actor_login, action, noun, noun_id, before, after, reason)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      [
        ulbId,
        id,
        now,
        actor.id,
        actor.login,
        action,
        noun,
        nounId ?? null,
        json(before),
        json(after),
        reason ?? null,
      ],
    );
  }

  /** Two that extend one chain wait for each other; the lock ends with the transaction. */
  async lockChain(tx: Tx): Promise<void> {
    await tx.run("SELECT pg_advisory_xact_lock(hashtextextended('audit chain', $1))", [tx.ctx.ulbId]);
  }

  async head(tx: Tx): Promise<{ seq: number; hash: string } | null> {
    const sql = `SELECT seq::float8 AS seq, encode(hash, 'hex') AS hash FROM audit_chain WHERE ulb_id = $1
                 ORDER BY seq DESC LIMIT 1`;
    return tx.maybe(sql, [tx.ctx.ulbId]);
  }

  /** Rows of the log that are in no chain yet, in order of their id. */
  async unchained(tx: Tx, most: number): Promise<LoggedRow[]> {
    return tx.rows(
      `SELECT ${logged} FROM audit_log a
       WHERE a.ulb_id = $1
         AND NOT EXISTS (SELECT FROM audit_chain c WHERE c.ulb_id = a.ulb_id AND c.audit_id = a.id)
       ORDER BY a.id LIMIT $2`,
      [tx.ctx.ulbId, most],
    );
  }

  async append(tx: Tx, firstSeq: number, ids: string[], hashes: string[]): Promise<void> {
    await tx.run(
      `INSERT INTO audit_chain (ulb_id, seq, audit_id, hash)
       SELECT $1, $2::bigint + link.n - 1, link.id, decode(link.hash, 'hex')
       FROM unnest($3::uuid[], $4::text[]) WITH ORDINALITY AS link (id, hash, n)`,
      [tx.ctx.ulbId, firstSeq, ids, hashes],
    );
  }

  async chained(tx: Tx, afterSeq: number, most: number): Promise<ChainedRow[]> {
    const rows = await tx.rows<Omit<ChainedRow, 'row'> & LoggedRow>(
      `SELECT c.seq::float8 AS seq, c.audit_id AS id, encode(c.hash, 'hex') AS hash,
              (extract(epoch FROM a.at) * 1000)::float8 AS "atMs",
              CASE WHEN a.id IS NOT NULL THEN ${canonical} END AS canonical
       FROM audit_chain c LEFT JOIN audit_log a ON a.ulb_id = c.ulb_id AND a.id = c.audit_id
       WHERE c.ulb_id = $1 AND c.seq > $2 ORDER BY c.seq LIMIT $3`,
      [tx.ctx.ulbId, afterSeq, most],
    );
    return rows.map(({ seq, id, hash, atMs, canonical: text }) => ({
      seq,
      id,
      hash,
      row: text === null ? null : { id, atMs, canonical: text },
    }));
  }
}

function json(value: object | undefined): string | null {
  return value
    ? JSON.stringify(value, (_key, held: unknown) => (typeof held === 'bigint' ? String(held) : held))
    : null;
}
