import { Injectable } from '@nestjs/common';
import type { Tx } from '../../database/tx.js';

@Injectable()
export class HealthRepository {
  /** What the database says of itself to the application's role. */
  async state(tx: Tx): Promise<{ passes: boolean; leakproof: boolean; migrations: string[] }> {
    return tx.one(
      `SELECT (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user) AS passes,
         (SELECT proleakproof FROM pg_proc WHERE oid = 'geometry_overlaps(geometry, geometry)'::regprocedure)
           AS leakproof,
         (SELECT array_agg(name::text) FROM migrations) AS migrations`,
    );
  }
}
