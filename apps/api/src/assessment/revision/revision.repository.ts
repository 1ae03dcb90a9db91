import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';

export interface RevisedProperty {
  number: string;
  status: 'active' | 'retired';
  ward_number: string | null;
}

@Injectable()
export class RevisionRepository {
  async property(tx: Tx, id: string): Promise<RevisedProperty | null> {
    const sql = 'SELECT number, status, ward_number FROM properties WHERE ulb_id = $1 AND id = $2';
    return tx.maybe<RevisedProperty>(sql, [tx.ctx.ulbId, id]);
  }
}
