import { Injectable } from '@nestjs/common';
import type { Label } from '../../core/label.js';
import type { Tx } from '../../platform/database/tx.js';
import type { Span } from './succession.js';

/** A financial year that has assessments, and whether they are published. */
export interface AssessedYear {
  fy: number;
  published: boolean;
}

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
  /** First and last days; null at the end: until replaced. */
  from_day: string | null;
  to_day: string | null;
  /** It was replaced before it applied. */
  replaced: boolean;
  installed_by: string;
  installed_at: Date;
}

export interface NewTariffFile {
  sha256: string;
  kind: TariffFileRow['kind'];
  body: string;
  status: TariffFileRow['status'];
  title: Label;
  law: string;
  /** First calendar year, or day since 1970, by the kind; null: until replaced. */
  from: number;
  to: number | null;
  source: string;
}

const columns = `sha256, kind, body, status, title, law, installed_by, installed_at,
  lower(fy_range) AS from_fy, upper(fy_range) - 1 AS to_fy,
  lower(in_force)::text AS from_day, (upper(in_force) - 1)::text AS to_day,
  coalesce(isempty(fy_range), isempty(in_force)) AS replaced`;

const rangeOf = { assessment: 'fy_range', collection: 'in_force' };
const spanOf = {
  assessment: 'lower(fy_range) AS "from", upper(fy_range) - 1 AS "to"',
  collection: `lower(in_force) - date '1970-01-01' AS "from", upper(in_force) - 1 - date '1970-01-01' AS "to"`,
};

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

  /** The times of the installed files of a kind, as whole numbers. Two installers at once wait for each other here. */
  async lockSpans(tx: Tx, kind: TariffFileRow['kind']): Promise<Span[]> {
    await tx.run("SELECT pg_advisory_xact_lock(hashtextextended('tariff files', $1))", [tx.ctx.ulbId]);
    return this.spans(tx, kind);
  }

  async spans(tx: Tx, kind: TariffFileRow['kind']): Promise<Span[]> {
    const sql = `SELECT sha256, ${spanOf[kind]} FROM tariff_files
      WHERE ulb_id = $1 AND kind = $2 AND NOT isempty(${rangeOf[kind]})`;
    return tx.rows<Span>(sql, [tx.ctx.ulbId, kind]);
  }

  /** Files of a kind and body whose time meets the given one, the first first. */
  async meeting(tx: Tx, kind: TariffFileRow['kind'], body: string, from: number, to: number | null) {
    const [bounds, cast] =
      kind === 'assessment' ? ['int4range', 'int'] : ['daterange', "int + date '1970-01-01'"];
    return tx.rows<TariffFileRow>(
      `SELECT ${columns} FROM tariff_files WHERE ulb_id = $1 AND kind = $2 AND body = $3
         AND ${rangeOf[kind]} && ${bounds}($4::${cast}, $5::${cast}, '[]') ORDER BY ${rangeOf[kind]}`,
      [tx.ctx.ulbId, kind, body, from, to],
    );
  }

  /** Closes the open end of a file; null as its last takes it out of force before it began. */
  async end(tx: Tx, kind: TariffFileRow['kind'], sha256: string, lastOf: number | null): Promise<void> {
    const last = kind === 'assessment' ? '$3::int' : "$3::int + date '1970-01-01'";
    const [column, make] = kind === 'assessment' ? ['fy_range', 'int4range'] : ['in_force', 'daterange'];
    await tx.run(
      `UPDATE tariff_files SET ${column} =
         CASE WHEN $3::int IS NULL THEN 'empty' ELSE ${make}(lower(${column}), ${last}, '[]') END
       WHERE ulb_id = $1 AND sha256 = $2`,
      [tx.ctx.ulbId, sha256, lastOf],
    );
  }

  /** Financial years from `fromFy` on that rest on a tariff: their runs are open, wait for publication, or published. */
  async yearsAssessed(tx: Tx, sha256: string, fromFy: number): Promise<AssessedYear[]> {
    return tx.rows<AssessedYear>(
      `SELECT fy, bool_or(published_at IS NOT NULL) AS published FROM assessment_runs
       WHERE ulb_id = $1 AND tariff_sha256 = $2 AND fy >= $3
         AND (published_at IS NOT NULL OR status IN ('pending', 'running', 'computed', 'publishing'))
       GROUP BY fy ORDER BY fy`,
      [tx.ctx.ulbId, sha256, fromFy],
    );
  }

  /** The last day, in India, on which demands were published; null where none were. */
  async lastPublishedOn(tx: Tx): Promise<string | null> {
    const sql = `SELECT max(published_at AT TIME ZONE 'Asia/Kolkata')::date::text AS day FROM assessment_runs
      WHERE ulb_id = $1`;
    return (await tx.one<{ day: string | null }>(sql, [tx.ctx.ulbId])).day;
  }

  async add(tx: Tx, file: NewTariffFile): Promise<void> {
    await tx.run(
      `INSERT INTO tariff_files (ulb_id, sha256, kind, body, status, title, law, fy_range, in_force, source,
         installed_by, installed_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, CASE WHEN $3 = 'assessment' THEN int4range($8, $9, '[]') END,
         CASE WHEN $3 = 'collection' THEN daterange($8 + date '1970-01-01', $9 + date '1970-01-01', '[]') END,
         $10, $11, $12)`,
      [
        tx.ctx.ulbId,
        file.sha256,
        file.kind,
        file.body,
        file.status,
        file.title,
        file.law,
        file.from,
        file.to,
        file.source,
        tx.ctx.actor.login,
        tx.ctx.now,
      ],
    );
  }
}
