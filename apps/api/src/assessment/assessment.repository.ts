import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { limits } from '../platform/limits.js';
import type { ChunkCounts } from './chunk.repository.js';

export type RunStatus = 'pending' | 'running' | 'done' | 'failed' | 'cancelled';

export interface RunRow {
  id: string;
  fy: number;
  ward_numbers: string[] | null;
  effective_on: string;
  tariff_sha256: string;
  status: RunStatus;
  properties: number;
  assessed: number;
  exempt: number;
  exceptions: number;
  unchanged: number;
  total_paise: string;
  error: string | null;
  created_by_login: string;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  chunks_done: number;
  chunks_total: number;
  /** Properties of the chunks that are done. */
  properties_done: number;
}

export interface ChunkRow {
  chunk_no: number;
  first_property: string;
  last_property: string;
  status: 'pending' | 'done';
}

export interface ExceptionRow {
  property_id: string;
  number: string;
  ward_number: string | null;
  reasons: string[];
}

export interface AssessmentRow {
  assessment_no: number;
  run_id: string;
  tariff_sha256: string;
  effective_on: string;
  exempt: boolean;
  total_paise: string;
  inputs: unknown;
  steps: unknown;
}

const runSql = `SELECT r.id, r.fy, r.ward_numbers, r.effective_on, r.tariff_sha256, r.status, r.properties, r.assessed,
    r.exempt, r.exceptions, r.unchanged, r.total_paise, r.error, r.created_by_login, r.created_at, r.started_at,
    r.finished_at, c.done::int AS chunks_done, c.total::int AS chunks_total, c.properties_done::int
  FROM assessment_runs r CROSS JOIN LATERAL (
    SELECT count(*) AS total, count(*) FILTER (WHERE status = 'done') AS done,
      coalesce(sum(properties) FILTER (WHERE status = 'done'), 0) AS properties_done
    FROM assessment_chunks WHERE ulb_id = r.ulb_id AND run_id = r.id) AS c
  WHERE r.ulb_id = $1`;

/** Runs and their chunks: the rows by which a run survives whatever happens to the processes that work on it. */
@Injectable()
export class AssessmentRepository {
  /** False where another run of the same year is open. */
  async addRun(
    tx: Tx,
    run: { id: string; fy: number; wardNumbers: string[] | null; effectiveOn: string; tariffSha256: string },
  ): Promise<boolean> {
    const { ulbId, actor, now } = tx.ctx;
    const added = await tx.run(
      `INSERT INTO assessment_runs (ulb_id, id, fy, ward_numbers, effective_on, tariff_sha256, status, created_by,
         created_by_login, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, 'pending', $7, $8, $9)
       ON CONFLICT (ulb_id, fy) WHERE status IN ('pending', 'running') DO NOTHING`,
      [ulbId, run.id, run.fy, run.wardNumbers, run.effectiveOn, run.tariffSha256, actor.id, actor.login, now],
    );
    return added === 1;
  }

  async runs(tx: Tx): Promise<RunRow[]> {
    return tx.rows<RunRow>(`${runSql} ORDER BY r.created_at DESC, r.id DESC LIMIT $2`, [
      tx.ctx.ulbId,
      limits.pageRows,
    ]);
  }

  async run(tx: Tx, id: string): Promise<RunRow | null> {
    return tx.maybe<RunRow>(`${runSql} AND r.id = $2`, [tx.ctx.ulbId, id]);
  }

  /** Waits for whoever else changes the run, so that what is read afterwards is what they left. */
  async lockRun(tx: Tx, id: string): Promise<RunStatus | null> {
    const sql = 'SELECT status FROM assessment_runs WHERE ulb_id = $1 AND id = $2 FOR UPDATE';
    return (await tx.maybe<{ status: RunStatus }>(sql, [tx.ctx.ulbId, id]))?.status ?? null;
  }

  /** The wards named in which no active property lies. */
  async emptyWards(tx: Tx, wardNumbers: string[]): Promise<string[]> {
    const rows = await tx.rows<{ ward: string }>(
      `SELECT ward FROM unnest($2::text[]) AS ward WHERE NOT EXISTS (SELECT FROM properties
         WHERE ulb_id = $1 AND ward_number = ward AND status = 'active')`,
      [tx.ctx.ulbId, wardNumbers],
    );
    return rows.map((row) => row.ward);
  }

  /** Cuts the active properties of the wards into chunks in the order of their ids. */
  async planChunks(
    tx: Tx,
    runId: string,
    wardNumbers: string[] | null,
    chunkProperties: number,
  ): Promise<void> {
    await tx.run(
      `INSERT INTO assessment_chunks (ulb_id, run_id, chunk_no, first_property, last_property, properties, status)
       SELECT $1, $2, chunk_no, (array_agg(id) FILTER (WHERE place = 1))[1],
         (array_agg(id) FILTER (WHERE place = size))[1], max(size), 'pending'
       FROM (SELECT id, chunk_no, row_number() OVER w AS place, count(*) OVER (PARTITION BY chunk_no) AS size
         FROM (SELECT id, ((row_number() OVER (ORDER BY id) - 1) / $4)::int + 1 AS chunk_no FROM properties
           WHERE ulb_id = $1 AND status = 'active' AND ($3::text[] IS NULL OR ward_number = ANY ($3))) AS cut
         WINDOW w AS (PARTITION BY chunk_no ORDER BY id)) AS numbered
       WHERE place = 1 OR place = size GROUP BY chunk_no
       ON CONFLICT DO NOTHING`,
      [tx.ctx.ulbId, runId, wardNumbers, chunkProperties],
    );
  }

  /** Moves a pending run to running with the number of its properties; null where it is not pending any more. */
  async startRun(tx: Tx, id: string): Promise<number[] | null> {
    const started = await tx.run(
      `UPDATE assessment_runs r SET status = 'running', started_at = $3,
         properties = (SELECT coalesce(sum(properties), 0) FROM assessment_chunks c
           WHERE c.ulb_id = r.ulb_id AND c.run_id = r.id)
       WHERE ulb_id = $1 AND id = $2 AND status = 'pending'`,
      [tx.ctx.ulbId, id, tx.ctx.now],
    );
    if (!started) return null;
    const sql = 'SELECT chunk_no FROM assessment_chunks WHERE ulb_id = $1 AND run_id = $2 ORDER BY chunk_no';
    return (await tx.rows<{ chunk_no: number }>(sql, [tx.ctx.ulbId, id])).map((row) => row.chunk_no);
  }

  /** Takes a chunk for this transaction. A second worker waits here until the first has committed, and then sees it done. */
  async claimChunk(tx: Tx, runId: string, chunkNo: number): Promise<ChunkRow | null> {
    return tx.maybe<ChunkRow>(
      `SELECT chunk_no, first_property, last_property, status FROM assessment_chunks
       WHERE ulb_id = $1 AND run_id = $2 AND chunk_no = $3 FOR UPDATE`,
      [tx.ctx.ulbId, runId, chunkNo],
    );
  }

  async finishChunk(tx: Tx, runId: string, chunkNo: number, counts: ChunkCounts): Promise<void> {
    await tx.run(
      `UPDATE assessment_chunks SET status = 'done', properties = $4, assessed = $5, exempt = $6, exceptions = $7,
         unchanged = $8, total_paise = $9, finished_at = $10
       WHERE ulb_id = $1 AND run_id = $2 AND chunk_no = $3`,
      [
        tx.ctx.ulbId,
        runId,
        chunkNo,
        counts.properties,
        counts.assessed,
        counts.exempt,
        counts.exceptions,
        counts.unchanged,
        counts.totalPaise.toString(),
        tx.ctx.now,
      ],
    );
  }

  /**
   * Brings the run's counts up to its done chunks, and ends it when none is left. The caller holds the run's lock, so
   * that the last of several workers sees the chunks of all. Refuses to end a run whose counts do not add up.
   */
  async sumUp(tx: Tx, id: string, finishedAt: Date): Promise<RunStatus> {
    const row = await tx.one<{ status: RunStatus; properties: number; counted: number }>(
      `WITH s AS (SELECT count(*) FILTER (WHERE status = 'pending') AS pending, coalesce(sum(properties), 0) AS properties,
           coalesce(sum(assessed), 0) AS assessed, coalesce(sum(exempt), 0) AS exempt,
           coalesce(sum(exceptions), 0) AS exceptions, coalesce(sum(unchanged), 0) AS unchanged,
           coalesce(sum(total_paise), 0) AS total_paise
         FROM assessment_chunks WHERE ulb_id = $1 AND run_id = $2)
       UPDATE assessment_runs r SET properties = s.properties, assessed = s.assessed, exempt = s.exempt,
         exceptions = s.exceptions, unchanged = s.unchanged, total_paise = s.total_paise,
         status = CASE WHEN r.status = 'running' AND s.pending = 0 THEN 'done' ELSE r.status END,
         finished_at = CASE WHEN r.status = 'running' AND s.pending = 0 THEN $3 ELSE r.finished_at END
       FROM s WHERE r.ulb_id = $1 AND r.id = $2
       RETURNING r.status, r.properties, r.assessed + r.exempt + r.exceptions + r.unchanged AS counted`,
      [tx.ctx.ulbId, id, finishedAt],
    );
    if (row.status === 'done' && row.properties !== row.counted) {
      throw new Error(`Run ${id} has ${row.properties} properties but counts ${row.counted}.`);
    }
    return row.status;
  }

  /** Ends an open run; false where it had ended already. */
  async endRun(tx: Tx, id: string, status: 'cancelled' | 'failed', error: string | null): Promise<boolean> {
    const ended = await tx.run(
      `UPDATE assessment_runs SET status = $3, error = $4, finished_at = $5
       WHERE ulb_id = $1 AND id = $2 AND status IN ('pending', 'running')`,
      [tx.ctx.ulbId, id, status, error, tx.ctx.now],
    );
    return ended === 1;
  }

  /** `after` is the number of the last property of the page before. */
  async exceptions(tx: Tx, runId: string, after: string | null, limit: number): Promise<ExceptionRow[]> {
    return tx.rows<ExceptionRow>(
      `SELECT e.property_id, p.number, p.ward_number, e.reasons
       FROM assessment_exceptions e JOIN properties p ON p.ulb_id = e.ulb_id AND p.id = e.property_id
       WHERE e.ulb_id = $1 AND e.run_id = $2 AND ($3::text IS NULL OR p.number > $3) ORDER BY p.number LIMIT $4`,
      [tx.ctx.ulbId, runId, after, limit],
    );
  }

  /** The assessment in force for a year, which is the last. */
  async assessment(tx: Tx, propertyId: string, fy: number): Promise<AssessmentRow | null> {
    return tx.maybe<AssessmentRow>(
      `SELECT assessment_no, run_id, tariff_sha256, effective_on, exempt, total_paise, inputs, steps FROM assessments
       WHERE ulb_id = $1 AND property_id = $2 AND fy = $3 ORDER BY assessment_no DESC LIMIT 1`,
      [tx.ctx.ulbId, propertyId, fy],
    );
  }

  async explain(
    tx: Tx,
    explainSql: string,
    fy: number,
    effectiveOn: string,
    propertyId: string,
  ): Promise<unknown> {
    const values = [tx.ctx.ulbId, fy, effectiveOn, propertyId];
    return (await tx.maybe<{ explanation: unknown }>(explainSql, values))?.explanation ?? null;
  }
}
