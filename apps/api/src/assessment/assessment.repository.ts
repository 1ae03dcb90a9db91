import { Injectable } from '@nestjs/common';
import { Problem } from '../core/problem.js';
import type { Charge } from '../ledger/demand.repository.js';
import type { RebateCharge } from '../ledger/rebate.repository.js';
import type { Tx } from '../platform/database/tx.js';
import { limits } from '../platform/limits.js';
import type { ChunkCounts } from './chunk.repository.js';

export type RunStatus =
  'pending' | 'running' | 'computed' | 'publishing' | 'published' | 'withdrawn' | 'failed' | 'cancelled';

/** A run to be added. */
export interface NewRunRow {
  id: string;
  fy: number;
  wardNumbers: string[] | null;
  effectiveOn: string;
  tariffSha256: string;
  charges: Charge[];
  collectionSha256: string | null;
  rebateCharges: RebateCharge[];
  clientKey: string | null;
  revision: { propertyId: string; reason: string; orderRef: string | null } | null;
}

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
  net_paise: string;
  charges: Charge[] | null;
  collection_sha256: string | null;
  rebate_charges: RebateCharge[] | null;
  rebate_paise: string;
  client_key: string | null;
  error: string | null;
  created_by: string | null;
  created_by_login: string;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  published_by_login: string | null;
  publish_asked_at: Date | null;
  published_at: Date | null;
  withdrawn_by_login: string | null;
  withdrawn_at: Date | null;
  withdrawn_reason: string | null;
  property_id: string | null;
  property_number: string | null;
  reason: string | null;
  order_ref: string | null;
  chunks_done: number;
  chunks_posted: number;
  chunks_total: number;
  /** Properties of the chunks that are done. */
  properties_done: number;
}

export interface ChunkRow {
  chunk_no: number;
  first_property: string;
  last_property: string;
  status: 'pending' | 'done';
  total_paise: string | null;
  net_paise: string | null;
  posted_at: Date | null;
}

export interface ExceptionRow {
  property_id: string;
  number: string;
  ward_number: string | null;
  reasons: string[];
}

const runSql = `SELECT r.*, p.number AS property_number, c.done::int AS chunks_done, c.posted::int AS chunks_posted,
    c.total::int AS chunks_total, c.properties_done::int
  FROM assessment_runs r LEFT JOIN properties p ON p.ulb_id = r.ulb_id AND p.id = r.property_id CROSS JOIN LATERAL (
    SELECT count(*) AS total, count(*) FILTER (WHERE status = 'done') AS done,
      count(*) FILTER (WHERE posted_at IS NOT NULL) AS posted,
      coalesce(sum(properties) FILTER (WHERE status = 'done'), 0) AS properties_done
    FROM assessment_chunks WHERE ulb_id = r.ulb_id AND run_id = r.id) AS c
  WHERE r.ulb_id = $1`;

const open = `status IN ('pending', 'running', 'computed', 'publishing')`;

/** Runs and their chunks: the rows by which a run survives whatever happens to the processes that work on it. */
@Injectable()
export class AssessmentRepository {
  /** Whoever starts a run of the year waits here for the others who do, until their transactions end. */
  async lockYear(tx: Tx, fy: number): Promise<void> {
    await tx.run(
      `SELECT pg_advisory_xact_lock(hashtextextended('assessment-runs', $1::bigint * 10000 + $2))`,
      [tx.ctx.ulbId, fy],
    );
  }

  /** The open run that keeps another from being started; for a revision, one of the town or of the same property. */
  async openRun(tx: Tx, fy: number, propertyId: string | null): Promise<RunRow | null> {
    return tx.maybe<RunRow>(
      `${runSql} AND r.fy = $2 AND r.${open} AND ($3::uuid IS NULL OR r.property_id IS NULL OR r.property_id = $3)
       ORDER BY r.property_id NULLS FIRST, r.id LIMIT 1`,
      [tx.ctx.ulbId, fy, propertyId],
    );
  }

  async byClientKey(tx: Tx, clientKey: string): Promise<RunRow | null> {
    return tx.maybe<RunRow>(`${runSql} AND r.client_key = $2`, [tx.ctx.ulbId, clientKey]);
  }

  async addRun(tx: Tx, run: NewRunRow): Promise<void> {
    const { ulbId, actor, now } = tx.ctx;
    const values = [
      ulbId,
      run.id,
      run.fy,
      run.wardNumbers,
      run.effectiveOn,
      run.tariffSha256,
      actor.id,
      actor.login,
      now,
    ];
    const { propertyId = null, reason = null, orderRef = null } = run.revision ?? {};
    await tx.run(
      `INSERT INTO assessment_runs (ulb_id, id, fy, ward_numbers, effective_on, tariff_sha256, created_by,
         created_by_login, created_at, status, charges, client_key, property_id, reason, order_ref, collection_sha256,
         rebate_charges)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'pending', $10, $11, $12, $13, $14, $15, $16)`,
      [
        ...values,
        JSON.stringify(run.charges),
        run.clientKey,
        propertyId,
        reason,
        orderRef,
        run.collectionSha256,
        JSON.stringify(run.rebateCharges),
      ],
    );
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

  async found(tx: Tx, id: string): Promise<RunRow> {
    const run = await this.run(tx, id);
    if (!run) throw new Problem(404, 'run-unknown', `There is no assessment run ${id}.`);
    return run;
  }

  /** The run, kept from others until the transaction ends. */
  async locked(tx: Tx, id: string): Promise<RunRow> {
    await this.lockRun(tx, id);
    return this.found(tx, id);
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

  /** Cuts the active properties of the wards, or the one property, into chunks in the order of their ids. */
  async planChunks(
    tx: Tx,
    runId: string,
    { ward_numbers: wards, property_id: propertyId }: Pick<RunRow, 'ward_numbers' | 'property_id'>,
    chunkProperties: number,
  ): Promise<void> {
    await tx.run(
      `INSERT INTO assessment_chunks (ulb_id, run_id, chunk_no, first_property, last_property, properties, status)
       SELECT $1, $2, chunk_no, (array_agg(id) FILTER (WHERE place = 1))[1],
         (array_agg(id) FILTER (WHERE place = size))[1], max(size), 'pending'
       FROM (SELECT id, chunk_no, row_number() OVER w AS place, count(*) OVER (PARTITION BY chunk_no) AS size
         FROM (SELECT id, ((row_number() OVER (ORDER BY id) - 1) / $4)::int + 1 AS chunk_no FROM properties
           WHERE ulb_id = $1 AND status = 'active' AND ($3::text[] IS NULL OR ward_number = ANY ($3))
             AND ($5::uuid IS NULL OR id = $5)) AS cut
         WINDOW w AS (PARTITION BY chunk_no ORDER BY id)) AS numbered
       WHERE place = 1 OR place = size GROUP BY chunk_no
       ON CONFLICT DO NOTHING`,
      [tx.ctx.ulbId, runId, wards, chunkProperties, propertyId],
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
    return this.pendingChunks(tx, id);
  }

  /** Takes a chunk for this transaction. A second worker waits here until the first has committed, and then sees it done. */
  async claimChunk(tx: Tx, runId: string, chunkNo: number): Promise<ChunkRow | null> {
    return tx.maybe<ChunkRow>(
      `SELECT chunk_no, first_property, last_property, status, total_paise, net_paise, posted_at FROM assessment_chunks
       WHERE ulb_id = $1 AND run_id = $2 AND chunk_no = $3 FOR UPDATE`,
      [tx.ctx.ulbId, runId, chunkNo],
    );
  }

  async finishChunk(tx: Tx, runId: string, chunkNo: number, counts: ChunkCounts): Promise<void> {
    await tx.run(
      `UPDATE assessment_chunks SET status = 'done', properties = $4, assessed = $5, exempt = $6, exceptions = $7,
         unchanged = $8, total_paise = $9, net_paise = $10, finished_at = $11
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
        counts.netPaise.toString(),
        tx.ctx.now,
      ],
    );
  }

  /**
   * Brings the run's counts up to its done chunks, and ends it when none is left. The caller holds the run's lock, so
   * that the last of several workers sees the chunks of all. Refuses to end a run whose counts do not add up.
   */
  async sumUp(tx: Tx, id: string, finishedAt: Date): Promise<void> {
    const row = await tx.maybe<{ status: RunStatus; properties: number; counted: number }>(
      `WITH s AS (SELECT count(*) FILTER (WHERE status = 'pending') AS pending, coalesce(sum(properties), 0) AS properties,
           coalesce(sum(assessed), 0) AS assessed, coalesce(sum(exempt), 0) AS exempt,
           coalesce(sum(exceptions), 0) AS exceptions, coalesce(sum(unchanged), 0) AS unchanged,
           coalesce(sum(total_paise), 0) AS total_paise, coalesce(sum(net_paise), 0) AS net_paise,
           coalesce(sum(rebate_paise), 0) AS rebate_paise
         FROM assessment_chunks WHERE ulb_id = $1 AND run_id = $2)
       UPDATE assessment_runs r SET properties = s.properties, assessed = s.assessed, exempt = s.exempt,
         exceptions = s.exceptions, unchanged = s.unchanged, total_paise = s.total_paise, net_paise = s.net_paise,
         rebate_paise = s.rebate_paise,
         status = CASE WHEN r.status = 'running' AND s.pending = 0 THEN 'computed' ELSE r.status END,
         finished_at = CASE WHEN r.status = 'running' AND s.pending = 0 THEN $3 ELSE r.finished_at END
       FROM s WHERE r.ulb_id = $1 AND r.id = $2 AND r.status IN ('pending', 'running', 'cancelled', 'failed')
       RETURNING r.status, r.properties, r.assessed + r.exempt + r.exceptions + r.unchanged AS counted`,
      [tx.ctx.ulbId, id, finishedAt],
    );
    if (!row) return;
    if (row.status === 'computed' && row.properties !== row.counted) {
      throw new Error(`Run ${id} has ${row.properties} properties but counts ${row.counted}.`);
    }
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

  /** Lets a run that was broken off go on; false where it was not, or was posted in part before runs had drafts. */
  async reopen(tx: Tx, id: string): Promise<boolean> {
    const reopened = await tx.run(
      `UPDATE assessment_runs SET status = CASE WHEN started_at IS NULL THEN 'pending' ELSE 'running' END,
         error = NULL, finished_at = NULL
       WHERE ulb_id = $1 AND id = $2 AND status IN ('cancelled', 'failed') AND published_at IS NULL`,
      [tx.ctx.ulbId, id],
    );
    return reopened === 1;
  }

  /** A run of the year that was published after the given instant, whose figures an older draft does not know. */
  async publishedSince(tx: Tx, fy: number, since: Date): Promise<RunRow | null> {
    return tx.maybe<RunRow>(
      `${runSql} AND r.fy = $2 AND r.published_at > $3 ORDER BY r.published_at DESC LIMIT 1`,
      [tx.ctx.ulbId, fy, since],
    );
  }

  async pendingChunks(tx: Tx, id: string): Promise<number[]> {
    const sql = `SELECT chunk_no FROM assessment_chunks WHERE ulb_id = $1 AND run_id = $2 AND status = 'pending'
      ORDER BY chunk_no`;
    return (await tx.rows<{ chunk_no: number }>(sql, [tx.ctx.ulbId, id])).map((row) => row.chunk_no);
  }
}
