import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';
import type { ImportReport } from './report.js';

/** The municipality as an import needs to know it. */
export interface Place {
  utmSrid: number;
}

/** Imports, their reports and their changesets. */
@Injectable()
export class ImportRepository {
  async place(tx: Tx): Promise<Place | null> {
    const row = await tx.maybe<{ utm_srid: number }>('SELECT utm_srid FROM ulbs WHERE ulb_id = $1', [
      tx.ctx.ulbId,
    ]);
    return row && { utmSrid: row.utm_srid };
  }

  /** One import of a layer at a time: two at once would each take the other's features for absent. */
  async lock(tx: Tx, layer: string): Promise<boolean> {
    const { held } = await tx.one<{ held: boolean }>(
      "SELECT pg_try_advisory_xact_lock(hashtextextended('import ' || $2, $1)) AS held",
      [tx.ctx.ulbId, layer],
    );
    return held;
  }

  async openChangeset(tx: Tx, id: string, layer: string, comment: string): Promise<void> {
    await tx.run(
      `INSERT INTO changesets (ulb_id, id, kind, status, layer, comment, created_by, created_by_login,
        created_at, applied_at)
       VALUES ($1, $2, 'import', 'applied', $3, $4, $5, $6, $7, $7)`,
      [tx.ctx.ulbId, id, layer, comment, tx.ctx.actor.id, tx.ctx.actor.login, tx.ctx.now],
    );
  }

  async closeChangeset(tx: Tx, id: string, counts: object): Promise<void> {
    await tx.run('UPDATE changesets SET counts = $3 WHERE ulb_id = $1 AND id = $2', [
      tx.ctx.ulbId,
      id,
      JSON.stringify(counts),
    ]);
  }

  /** Keeps the report, also of a dry run and of a file that was refused. */
  async keep(tx: Tx, report: ImportReport, mapping: object, wholeFile: boolean): Promise<void> {
    const counts = { ...report.counts, rules: report.rules, issues: report.issues, result: report.result };
    await tx.run(
      `INSERT INTO imports (ulb_id, id, layer, file_name, file_sha256, mapping, dry_run, whole_file, status,
        changeset_id,
         counts, created_by_login, created_at, finished_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $13)`,
      [
        tx.ctx.ulbId,
        report.id,
        report.layer,
        report.file,
        report.fileSha256,
        JSON.stringify(mapping),
        report.dryRun,
        wholeFile,
        report.result === 'refused' ? 'failed' : 'done',
        report.changesetId,
        JSON.stringify(counts),
        tx.ctx.actor.login,
        tx.ctx.now,
      ],
    );
    await this.keepLines(tx, report);
  }

  private async keepLines(tx: Tx, report: ImportReport): Promise<void> {
    const { lines } = report;
    if (lines.length === 0) return;
    await tx.run(
      `INSERT INTO import_report_rows (ulb_id, import_id, row_no, line_no, outcome, rule, column_name,
        value, message, place)
       SELECT $1, $2, row_no, row_number() OVER (PARTITION BY row_no), outcome, rule, column_name, value,
         message,
         CASE WHEN lon IS NOT NULL THEN ST_SetSRID(ST_MakePoint(lon, lat), 4326) END
       FROM unnest($3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::float8[],
         $10::float8[])
         AS l(row_no, outcome, rule, column_name, value, message, lon, lat)`,
      [
        tx.ctx.ulbId,
        report.id,
        lines.map((line) => line.row),
        lines.map((line) => line.outcome),
        lines.map((line) => line.rule),
        lines.map((line) => line.column),
        lines.map((line) => line.value),
        lines.map((line) => line.message),
        lines.map((line) => line.place?.[0] ?? null),
        lines.map((line) => line.place?.[1] ?? null),
      ],
    );
  }
}
