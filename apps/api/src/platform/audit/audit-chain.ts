import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import type { Tx } from '../database/tx.js';
import { limits } from '../limits.js';
import { AuditRepository, type ChainedRow } from './audit.repository.js';

export interface ChainFault {
  /**
   * `changed`: the row is not what was hashed. `removed`: it is gone. `inserted`: it came long after its own
   * date.
   */
  kind: 'changed' | 'removed' | 'inserted';
  seq: number | null;
  /** The row of the log; null where its link is gone with it. */
  auditId: string | null;
  message: string;
}

export interface ChainReport {
  /** Links that were checked. */
  links: number;
  /** Rows that the next extension will chain. */
  waiting: number;
  /** The last link: noted outside of the database, it also proves that nothing was cut off the end. */
  head: { seq: number; hash: string } | null;
  faults: ChainFault[];
}

const nothing = '0'.repeat(64);
const maxFaults = 100;

/**
 * Each link is sha256(link before || row), so that a row of the audit log cannot be changed, removed or
 * slipped in without breaking all links after it. Made after commit, by the worker, so that hashing makes no
 * writer wait for another.
 */
@Injectable()
export class AuditChain {
  constructor(private readonly repository: AuditRepository) {}

  /** Chains rows that are not chained yet, up to a bound; returns how many. Call again until it returns 0. */
  async extend(tx: Tx): Promise<number> {
    await this.repository.lockChain(tx);
    const head = await this.repository.head(tx);
    const rows = await this.repository.unchained(tx, limits.auditChainRows);
    if (!rows.length) return 0;
    let hash = head?.hash ?? nothing;
    const hashes = rows.map((row) => (hash = link(hash, row.canonical)));
    const ids = rows.map((row) => row.id);
    await this.repository.append(tx, (head?.seq ?? 0) + 1, ids, hashes);
    return rows.length;
  }

  /** Recomputes the whole chain of the municipality. `tx` is a snapshot, since it reads in pieces. */
  async verify(tx: Tx): Promise<ChainReport> {
    const walk = new Walk();
    for (;;) {
      const rows = await this.repository.chained(tx, walk.seq, limits.auditChainRows);
      for (const row of rows) walk.step(row);
      if (rows.length < limits.auditChainRows) break;
    }
    const waiting = await this.repository.unchained(tx, limits.auditChainRows);
    for (const row of waiting) walk.checkDate(null, row.id, row.atMs);
    const head = await this.repository.head(tx);
    return { links: walk.links, waiting: waiting.length, head, faults: walk.faults };
  }
}

/**
 * One pass over a chain. After a fault it goes on from the link as stored, so that each fault is told once.
 */
class Walk {
  seq = 0;
  links = 0;
  readonly faults: ChainFault[] = [];
  private hash: string | null = nothing;
  private newestMs = -Infinity;

  step({ seq, id, hash, row }: ChainedRow): void {
    if (seq !== this.seq + 1) {
      const missing = seq === this.seq + 2 ? `${seq - 1}` : `${this.seq + 1} to ${seq - 1}`;
      this.add('removed', this.seq + 1, null, `Link ${missing} of the chain is gone.`);
      this.hash = null;
    }
    if (!row) this.add('removed', seq, id, `Row ${id} of the audit log, link ${seq}, is gone.`);
    else if (this.hash !== null && link(this.hash, row.canonical) !== hash) {
      this.add('changed', seq, id, `Row ${id} of the audit log, link ${seq}, is not what was chained.`);
    } else this.checkDate(seq, id, row.atMs);
    this.seq = seq;
    this.links += 1;
    this.hash = hash;
    if (row) this.newestMs = Math.max(this.newestMs, row.atMs);
  }

  /** A transaction may commit some time after its own date, but not half a day. */
  checkDate(seq: number | null, id: string, atMs: number): void {
    if (atMs >= this.newestMs - limits.auditLateMs) return;
    const at = new Date(atMs).toISOString();
    this.add('inserted', seq, id, `Row ${id} of the audit log bears the date ${at}, but came long after it.`);
  }

  private add(kind: ChainFault['kind'], seq: number | null, auditId: string | null, message: string): void {
    if (this.faults.length < maxFaults) this.faults.push({ kind, seq, auditId, message });
  }
}

function link(before: string, canonical: string): string {
  return createHash('sha256').update(Buffer.from(before, 'hex')).update(canonical).digest('hex');
}
