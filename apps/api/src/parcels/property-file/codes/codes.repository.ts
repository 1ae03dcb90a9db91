import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/tx.js';

/** Codes that units and owners of the roll carry. */
export interface UsedCodes {
  floor: string[];
  use: string[];
  structure: string[];
  occupancy: string[];
  class: string[];
}

@Injectable()
export class CodesRepository {
  /** The assessment law in force in a financial year, as it was written. */
  async tariff(tx: Tx, fy: number): Promise<{ sha256: string; body: string } | null> {
    return tx.maybe(
      `SELECT sha256, body FROM tariff_files
       WHERE ulb_id = $1 AND kind = 'assessment' AND fy_range @> $2::int ORDER BY installed_at DESC LIMIT 1`,
      [tx.ctx.ulbId, fy],
    );
  }

  /** Codes by how often they occur among the first units and owners of the roll: a city need not be read for a list. */
  async used(tx: Tx): Promise<UsedCodes> {
    const of = (table: string, column: string) =>
      `ARRAY(SELECT ${column} FROM (SELECT ${column} FROM ${table} WHERE ulb_id = $1 LIMIT 20000) AS first_rows
         WHERE ${column} IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 100)`;
    return tx.one(
      `SELECT ${of('units', 'floor')} AS floor, ${of('units', 'use')} AS use,
         ${of('units', 'structure')} AS structure, ${of('units', 'occupancy')} AS occupancy,
         ${of('owners', 'class')} AS class`,
      [tx.ctx.ulbId],
    );
  }

  /** Wards in force on a day, each with its zone: as delimited, else the one that most of its properties have. */
  async wards(tx: Tx, day: string): Promise<{ number: string; zoneNumber: string | null }[]> {
    return tx.rows(
      `SELECT w.number, coalesce((SELECT p.zone_number FROM (SELECT zone_number FROM properties
             WHERE ulb_id = $1 AND ward_number = w.number LIMIT 200) AS p
           WHERE p.zone_number IS NOT NULL GROUP BY 1 ORDER BY count(*) DESC LIMIT 1), w.zone_number)
           AS "zoneNumber"
       FROM wards w WHERE w.ulb_id = $1 AND w.effective @> $2::date ORDER BY w.number`,
      [tx.ctx.ulbId, day],
    );
  }
}
