import { Injectable } from '@nestjs/common';
import { uuidV7 } from '../../core/ids.js';
import type { Tx } from '../database/tx.js';
import { AuditRepository } from './audit.repository.js';

/** What was done to what. Who and when come from the transaction's context. */
export interface AuditEntry {
  /** A verb, such as `reveal`. */
  action: string;
  noun: string;
  nounId?: string;
  /** What stood before and after, or a digest where there are many rows. Never a secret. */
  before?: object;
  after?: object;
  /** Why, in the words of who did it. */
  reason?: string;
}

/** The log of what people did, which nobody changes: one row a transaction, written in that transaction. */
@Injectable()
export class Audit {
  constructor(private readonly repository: AuditRepository) {}

  async record(tx: Tx, entry: AuditEntry): Promise<void> {
    await this.repository.insert(tx, uuidV7(tx.ctx.now.getTime()), entry);
  }
}
