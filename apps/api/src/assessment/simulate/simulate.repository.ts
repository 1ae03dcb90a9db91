import { Injectable } from '@nestjs/common';
import type { Label } from '../../core/label.js';
import type { Tx } from '../../platform/database/tx.js';
import { limits } from '../../platform/limits.js';
import type { Comparison } from './compare/result.js';
import type { ValueChange } from './simulate.schema.js';

export type SimulationStatus = 'pending' | 'running' | 'done' | 'failed' | 'cancelled';

/** One side as it is kept: enough to reckon it again, and to say in a year what it was. */
export interface KeptSide {
  sha256: string;
  title: Label;
  status: 'notified' | 'sample';
  body: string;
  /** The financial year under which it was reckoned: the nearest that the file applies to. */
  fy: number;
  /** The installed file that it is, or that its values were changed in; null for a text of one's own. */
  baseSha256: string | null;
  changes: ValueChange[];
  /** The proposal whose text it rests on. */
  proposalId: string | null;
  /** The text where no installed file says it. */
  text: string | null;
}

export interface SimulationRow {
  id: string;
  fy: number;
  effective_on: string;
  ward_numbers: string[] | null;
  status: SimulationStatus;
  present: KeptSide;
  proposed: KeptSide;
  roll_id: string;
  properties: number;
  chunks_done: number;
  chunks_total: number;
  result: Comparison | null;
  map_counts: number[] | null;
  error: string | null;
  created_by_login: string;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
}

const columns = `id, fy, effective_on::text, ward_numbers, status, present, proposed, roll_id, properties, chunks_done,
  chunks_total, result, map_counts, error, created_by_login, created_at, started_at, finished_at`;
/** A list needs no more than the sums. */
const shortResult = "jsonb_build_object('whole', result -> 'whole') AS result";
/** Whoever is bound to wards sees what lies within them. */
const within = '($2::text[] IS NULL OR ward_numbers <@ $2::text[])';

/** Simulations and how far they are. */
@Injectable()
export class SimulationsRepository {
  async add(
    tx: Tx,
    row: Pick<
      SimulationRow,
      | 'id'
      | 'fy'
      | 'effective_on'
      | 'ward_numbers'
      | 'present'
      | 'proposed'
      | 'roll_id'
      | 'properties'
      | 'chunks_total'
    >,
  ): Promise<void> {
    const { ulbId, actor, now } = tx.ctx;
    await tx.run(
      `INSERT INTO simulations (ulb_id, id, fy, effective_on, ward_numbers, status, present, proposed, roll_id,
         properties, chunks_total, created_by, created_by_login, created_at)
       VALUES ($1, $2, $3, $4, $5, 'pending', $6, $7, $8, $9, $10, $11, $12, $13)`,
      [
        ulbId,
        row.id,
        row.fy,
        row.effective_on,
        row.ward_numbers,
        JSON.stringify(row.present),
        JSON.stringify(row.proposed),
        row.roll_id,
        row.properties,
        row.chunks_total,
        actor.id,
        actor.login,
        now,
      ],
    );
  }

  async get(tx: Tx, id: string): Promise<SimulationRow | null> {
    const sql = `SELECT ${columns} FROM simulations WHERE ulb_id = $1 AND ${within} AND id = $3`;
    return tx.maybe<SimulationRow>(sql, [tx.ctx.ulbId, wardsOf(tx), id]);
  }

  /** The same question over the same roll, answered already or being answered. */
  async same(
    tx: Tx,
    rollId: string,
    fy: number,
    [present, proposed]: [string, string],
  ): Promise<SimulationRow | null> {
    return tx.maybe<SimulationRow>(
      `SELECT ${columns} FROM simulations WHERE ulb_id = $1 AND ${within} AND roll_id = $3 AND fy = $6
         AND present ->> 'sha256' = $4 AND proposed ->> 'sha256' = $5 AND status IN ('done', 'pending', 'running')
       ORDER BY (status = 'done') DESC, created_at DESC LIMIT 1`,
      [tx.ctx.ulbId, wardsOf(tx), rollId, present, proposed, fy],
    );
  }

  /** The newest first, without their results. */
  async list(tx: Tx): Promise<SimulationRow[]> {
    return tx.rows<SimulationRow>(
      `SELECT ${columns.replace('result', shortResult)} FROM simulations
       WHERE ulb_id = $1 AND ${within} ORDER BY created_at DESC, id DESC LIMIT $3`,
      [tx.ctx.ulbId, wardsOf(tx), limits.simulationsKept],
    );
  }

  /** How far it is; null where it was ended by someone. */
  async advance(tx: Tx, id: string, chunksDone: number): Promise<boolean> {
    const moved = await tx.run(
      `UPDATE simulations SET status = 'running', chunks_done = greatest(chunks_done, $3),
         started_at = coalesce(started_at, $4) WHERE ulb_id = $1 AND id = $2 AND status IN ('pending', 'running')`,
      [tx.ctx.ulbId, id, chunksDone, tx.ctx.now],
    );
    return moved === 1;
  }

  async finish(tx: Tx, id: string, result: Comparison, at: Date): Promise<void> {
    await tx.run(
      `UPDATE simulations SET status = 'done', result = $3, chunks_done = chunks_total, finished_at = $4,
         started_at = coalesce(started_at, $5) WHERE ulb_id = $1 AND id = $2 AND status IN ('pending', 'running')`,
      [tx.ctx.ulbId, id, JSON.stringify(result), at, tx.ctx.now],
    );
  }

  /** Ends an open simulation; false where it had ended already. */
  async end(tx: Tx, id: string, status: 'failed' | 'cancelled', error: string | null): Promise<boolean> {
    const ended = await tx.run(
      `UPDATE simulations SET status = $3, error = $4, finished_at = $5
       WHERE ulb_id = $1 AND id = $2 AND status IN ('pending', 'running')`,
      [tx.ctx.ulbId, id, status, error, tx.ctx.now],
    );
    return ended === 1;
  }

  /** Points a simulation to the roll as it stands now. */
  async moveTo(tx: Tx, id: string, roll: { id: string; properties: number; chunks: number }): Promise<void> {
    await tx.run(
      `UPDATE simulations SET roll_id = $3, properties = $4, chunks_total = $5, chunks_done = 0
       WHERE ulb_id = $1 AND id = $2 AND status IN ('pending', 'running')`,
      [tx.ctx.ulbId, id, roll.id, roll.properties, roll.chunks * 2],
    );
  }

  async keepMapCounts(tx: Tx, id: string, counts: number[]): Promise<void> {
    const sql = 'UPDATE simulations SET map_counts = $3 WHERE ulb_id = $1 AND id = $2';
    await tx.run(sql, [tx.ctx.ulbId, id, counts]);
  }

  /** One draws the map at a time. */
  async lock(tx: Tx, id: string): Promise<void> {
    await tx.run('SELECT FROM simulations WHERE ulb_id = $1 AND id = $2 FOR UPDATE', [tx.ctx.ulbId, id]);
  }

  /** Keeps the newest, and none that is older than the limit. */
  async forgetOld(tx: Tx): Promise<void> {
    const oldest = new Date(tx.ctx.now.getTime() - limits.simulationKeptMs);
    await tx.run(
      `DELETE FROM simulations WHERE ulb_id = $1 AND (created_at < $2 OR (status NOT IN ('pending', 'running') AND id IN (
         SELECT id FROM simulations WHERE ulb_id = $1 ORDER BY created_at DESC, id DESC OFFSET $3)))`,
      [tx.ctx.ulbId, oldest, limits.simulationsKept],
    );
  }
}

const wardsOf = (tx: Tx) => (tx.ctx.actor.wardNumbers ? [...tx.ctx.actor.wardNumbers] : null);
