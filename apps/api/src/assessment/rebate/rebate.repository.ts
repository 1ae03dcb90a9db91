import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';
import type { RunRow } from '../assessment.repository.js';

interface Range {
  runId: string;
  fy: number;
  effectiveOn: string;
  firstProperty: string;
  lastProperty: string;
  wardNumbers: string[] | null;
}

/** Rebates of drafts, and which runs have rebates that may lapse. */
@Injectable()
export class RebatesRepository {
  /**
   * Keeps what the collection file takes off each draft of the range. Returns the sum in paise. FULL JOIN is never done
   * as a loop: drafts written a moment ago have no statistics, and the rebates would be reckoned anew for each of them.
   */
  async keep(tx: Tx, rebateSelectSql: string, range: Range): Promise<bigint> {
    const { kept } = await tx.one<{ kept: string }>(
      `WITH kept AS (INSERT INTO assessment_rebates (ulb_id, property_id, fy, assessment_no, run_id, rebates_paise)
         SELECT $1::int, property_id, $2::smallint, assessment_no, $7::uuid, rebates_paise
         FROM (SELECT * FROM (${rebateSelectSql}) AS r FULL JOIN (SELECT property_id, assessment_no FROM assessments
             WHERE ulb_id = $1::int AND fy = $2::smallint AND run_id = $7::uuid
               AND property_id >= $4::uuid AND property_id <= $5::uuid) AS a USING (property_id) OFFSET 0) AS drafts
         WHERE assessment_no IS NOT NULL AND rebates_paise IS NOT NULL AND 0 < ANY (rebates_paise)
         RETURNING rebates_paise)
       SELECT coalesce(sum(paise), 0)::text AS kept FROM kept, unnest(kept.rebates_paise) AS paise`,
      [
        tx.ctx.ulbId,
        range.fy,
        range.effectiveOn,
        range.firstProperty,
        range.lastProperty,
        range.wardNumbers,
        range.runId,
      ],
    );
    return BigInt(kept);
  }

  async countChunk(tx: Tx, runId: string, chunkNo: number, paise: bigint): Promise<void> {
    await tx.run(
      'UPDATE assessment_chunks SET rebate_paise = $4 WHERE ulb_id = $1 AND run_id = $2 AND chunk_no = $3',
      [tx.ctx.ulbId, runId, chunkNo, paise],
    );
  }

  /** Published runs with rebates of which nothing was taken back yet, the oldest first. */
  async unlapsed(tx: Tx): Promise<Pick<RunRow, 'id' | 'fy' | 'tariff_sha256' | 'collection_sha256'>[]> {
    return tx.rows(
      `SELECT id, fy, tariff_sha256, collection_sha256 FROM assessment_runs
       WHERE ulb_id = $1 AND published_at IS NOT NULL AND rebate_paise <> 0 AND collection_sha256 IS NOT NULL
         AND lapsed_at IS NULL ORDER BY published_at, id`,
      [tx.ctx.ulbId],
    );
  }

  async chunks(
    tx: Tx,
    runId: string,
  ): Promise<{ chunk_no: number; first_property: string; last_property: string }[]> {
    return tx.rows(
      `SELECT chunk_no, first_property, last_property FROM assessment_chunks
       WHERE ulb_id = $1 AND run_id = $2 ORDER BY chunk_no`,
      [tx.ctx.ulbId, runId],
    );
  }

  /** The day that a lapse's `onSql` gives for a year. */
  async dayOf(tx: Tx, onSql: string, fy: number): Promise<string> {
    return (
      await tx.one<{ day: string }>(`SELECT (${onSql})::text AS day FROM (SELECT $1::int AS c_fy) AS d`, [fy])
    ).day;
  }

  async markLapsed(tx: Tx, runId: string): Promise<void> {
    await tx.run('UPDATE assessment_runs SET lapsed_at = $3 WHERE ulb_id = $1 AND id = $2', [
      tx.ctx.ulbId,
      runId,
      tx.ctx.now,
    ]);
  }
}
