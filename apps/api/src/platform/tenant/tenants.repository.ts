import { Injectable } from '@nestjs/common';
import type { Tx } from '../database/tx.js';

export interface TenantRow {
  ulb_id: number;
  code: string;
  name: string;
  name_local: string | null;
  languages: string[];
}

const columns = 'ulb_id, code, name, name_local, languages';

/** Reads of the list of municipalities, which belongs to none and which `ulbs` writes. */
@Injectable()
export class TenantsRepository {
  async all(tx: Tx): Promise<TenantRow[]> {
    return tx.rows(`SELECT ${columns} FROM ulbs ORDER BY name, code`);
  }

  async byCode(tx: Tx, code: string): Promise<TenantRow | null> {
    return tx.maybe(`SELECT ${columns} FROM ulbs WHERE code = $1`, [code]);
  }

  /** West, south, east, north of the wards in force, in degrees; null where there are none. */
  async bbox(tx: Tx): Promise<[number, number, number, number] | null> {
    const row = await tx.one<{ w: number | null; s: number; e: number; n: number }>(
      `SELECT ST_XMin(b) AS w, ST_YMin(b) AS s, ST_XMax(b) AS e, ST_YMax(b) AS n
       FROM (SELECT ST_Extent(geom) AS b FROM wards WHERE ulb_id = $1 AND effective @> $2::date) extent`,
      [tx.ctx.ulbId, tx.ctx.now],
    );
    return row.w === null ? null : [row.w, row.s, row.e, row.n];
  }
}
