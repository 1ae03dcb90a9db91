import { Injectable } from '@nestjs/common';
import type { Label } from '../../core/label.js';
import type { Tx } from '../../platform/database/tx.js';

export interface TariffFileRow {
  sha256: string;
  kind: 'assessment' | 'collection';
  body: string;
  status: 'notified' | 'sample';
  title: Label;
  law: string;
  /** First calendar years; null at the end: until replaced. */
  from_fy: number | null;
  to_fy: number | null;
  installed_by: string;
  installed_at: Date;
}

export interface NewTariffFile {
  sha256: string;
  body: string;
  status: 'notified' | 'sample';
  title: Label;
  law: string;
  appliesFromFy: number;
  appliesToFy: number | null;
  source: string;
}

const columns = `sha256, kind, body, status, title, law, installed_by, installed_at,
  lower(fy_range) AS from_fy, upper(fy_range) - 1 AS to_fy`;

/** The tariffs of a municipality, each kept as the very text that was installed. */
@Injectable()
export class TariffFilesRepository {
  async list(tx: Tx): Promise<TariffFileRow[]> {
    return tx.rows<TariffFileRow>(
      `SELECT ${columns} FROM tariff_files WHERE ulb_id = $1 ORDER BY kind, fy_range DESC, in_force DESC`,
      [tx.ctx.ulbId],
    );
  }

  async byYear(tx: Tx, fy: number): Promise<TariffFileRow | null> {
    return tx.maybe<TariffFileRow>(
      `SELECT ${columns} FROM tariff_files WHERE ulb_id = $1 AND kind = 'assessment' AND fy_range @> $2::int`,
      [tx.ctx.ulbId, fy],
    );
  }

  async bySha(tx: Tx, sha256: string): Promise<TariffFileRow | null> {
    return tx.maybe<TariffFileRow>(`SELECT ${columns} FROM tariff_files WHERE ulb_id = $1 AND sha256 = $2`, [
      tx.ctx.ulbId,
      sha256,
    ]);
  }

  async source(tx: Tx, sha256: string): Promise<string | null> {
    const sql = 'SELECT source FROM tariff_files WHERE ulb_id = $1 AND sha256 = $2';
    return (await tx.maybe<{ source: string }>(sql, [tx.ctx.ulbId, sha256]))?.source ?? null;
  }

  /** The installed file of kind assessment whose years overlap the given ones, if any. */
  async overlapping(tx: Tx, fromFy: number, toFy: number | null): Promise<TariffFileRow | null> {
    return tx.maybe<TariffFileRow>(
      `SELECT ${columns} FROM tariff_files
       WHERE ulb_id = $1 AND fy_range && int4range($2, $3, '[]') ORDER BY fy_range LIMIT 1`,
      [tx.ctx.ulbId, fromFy, toFy],
    );
  }

  async add(tx: Tx, file: NewTariffFile): Promise<void> {
    await tx.run(
      `INSERT INTO tariff_files (ulb_id, sha256, kind, body, status, title, law, fy_range, source, installed_by,
         installed_at)
       VALUES ($1, $2, 'assessment', $3, $4, $5, $6, int4range($7, $8, '[]'), $9, $10, $11)`,
      [
        tx.ctx.ulbId,
        file.sha256,
        file.body,
        file.status,
        file.title,
        file.law,
        file.appliesFromFy,
        file.appliesToFy,
        file.source,
        tx.ctx.actor.login,
        tx.ctx.now,
      ],
    );
  }
}
