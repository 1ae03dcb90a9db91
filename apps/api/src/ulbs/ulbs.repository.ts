import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';

export interface UlbToInsert {
  code: string;
  name: string;
  nameLocal: string | null;
  utmSrid: number;
  languages: string[];
  currency: string;
  areaUnit: string;
}

export interface WardRow {
  number: string;
  name: string | null;
  name_local: string | null;
  from_day: string | null;
  to_day: string | null;
}

@Injectable()
export class UlbsRepository {
  /** Only the owner may: `tx` is one of the owner's connection. Null where the code is taken. */
  async insert(tx: Tx, ulb: UlbToInsert): Promise<number | null> {
    // Numbers are short and given once; two that are made at the same moment wait for each other.
    await tx.run("SELECT pg_advisory_xact_lock(hashtext('jarib new ulb'))");
    const row = await tx.maybe<{ ulb_id: number }>(
      `INSERT INTO ulbs (ulb_id, code, name, name_local, utm_srid, languages, currency, area_unit, created_at)
       SELECT coalesce(max(ulb_id), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8 FROM ulbs
       ON CONFLICT (code) DO NOTHING RETURNING ulb_id`,
      [ulb.code, ulb.name, ulb.nameLocal, ulb.utmSrid, ulb.languages, ulb.currency, ulb.areaUnit, tx.ctx.now],
    );
    return row?.ulb_id ?? null;
  }

  /** The ward in force on `on` that has the point; on a shared boundary the one with the smaller number. */
  async wardAt(tx: Tx, lon: number, lat: number, on: string): Promise<WardRow | null> {
    return tx.maybe(
      `SELECT number, name, name_local, lower(effective) AS from_day, upper(effective) AS to_day
       FROM wards, ST_SetSRID(ST_MakePoint($2, $3), 4326) AS point
       WHERE ulb_id = $1 AND effective @> $4::date AND geom && point AND ST_Intersects(geom, point)
       ORDER BY number LIMIT 1`,
      [tx.ctx.ulbId, lon, lat, on],
    );
  }
}
