import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';
import { limits } from '../../platform/limits.js';
import type { DiscoverySettings } from './settings.js';

export type DiscoveryStatus = 'pending' | 'running' | 'done' | 'failed' | 'cancelled';

/** How many of each class there are: keys are the classes of footprints, of properties and of open land. */
export interface DiscoveryCounts {
  footprints: Record<string, number>;
  properties: Record<string, number>;
  findings: Record<string, number>;
  /** What became of the findings: new, seen again, kept closed, lapsed. */
  changes: { added: number; seen: number; keptClosed: number; lapsed: number };
}

export interface DiscoveryRow {
  id: string;
  fy: number;
  effective_on: string;
  ward_numbers: string[] | null;
  tariff_sha256: string | null;
  settings: DiscoverySettings;
  status: DiscoveryStatus;
  counts: Partial<DiscoveryCounts>;
  error: string | null;
  created_by_login: string;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  wards_total: number;
  wards_done: number;
  /** Steps that are done and all steps: each ward is linked first and examined after. */
  steps_done: number;
}

export interface WardRow {
  ward_number: string;
  linked: boolean;
  examined: boolean;
}

const runSql = `SELECT r.id, r.fy, r.effective_on, r.ward_numbers, r.tariff_sha256, r.settings, r.status, r.counts, r.error,
    r.created_by_login, r.created_at, r.started_at, r.finished_at, w.total::int AS wards_total,
    w.examined::int AS wards_done, (w.examined + w.linked)::int AS steps_done
  FROM discovery_runs r CROSS JOIN LATERAL (SELECT count(*) AS total, count(examined_at) AS examined,
    count(linked_at) AS linked FROM discovery_wards WHERE ulb_id = r.ulb_id AND run_id = r.id) AS w
  WHERE r.ulb_id = $1`;

/** Runs of the comparison, how far they are in each ward, and the tolerances by which they judge. */
@Injectable()
export class DiscoveryRunRepository {
  async settings(tx: Tx): Promise<{ settings: object; changed_by: string; changed_at: Date } | null> {
    return tx.maybe('SELECT settings, changed_by, changed_at FROM discovery_settings WHERE ulb_id = $1', [
      tx.ctx.ulbId,
    ]);
  }

  async saveSettings(tx: Tx, settings: DiscoverySettings): Promise<void> {
    await tx.run(
      `INSERT INTO discovery_settings (ulb_id, settings, changed_by, changed_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (ulb_id) DO UPDATE SET settings = $2, changed_by = $3, changed_at = $4`,
      [tx.ctx.ulbId, settings, tx.ctx.actor.login, tx.ctx.now],
    );
  }

  /** False where another run is open. */
  async add(
    tx: Tx,
    run: Pick<DiscoveryRow, 'id' | 'fy' | 'effective_on' | 'ward_numbers' | 'tariff_sha256' | 'settings'>,
  ): Promise<boolean> {
    const { id, fy, effective_on, ward_numbers, tariff_sha256, settings } = run;
    const added = await tx.run(
      `INSERT INTO discovery_runs (ulb_id, id, fy, effective_on, ward_numbers, tariff_sha256, settings, status,
         created_by_login, created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, 'pending', $8, $9)
       ON CONFLICT (ulb_id) WHERE status IN ('pending', 'running') DO NOTHING`,
      [
        tx.ctx.ulbId,
        id,
        fy,
        effective_on,
        ward_numbers,
        tariff_sha256,
        settings,
        tx.ctx.actor.login,
        tx.ctx.now,
      ],
    );
    return added === 1;
  }

  async runs(tx: Tx): Promise<DiscoveryRow[]> {
    return tx.rows<DiscoveryRow>(`${runSql} ORDER BY r.created_at DESC, r.id DESC LIMIT $2`, [
      tx.ctx.ulbId,
      limits.pageRowsDefault,
    ]);
  }

  async run(tx: Tx, id: string): Promise<DiscoveryRow | null> {
    return tx.maybe<DiscoveryRow>(`${runSql} AND r.id = $2`, [tx.ctx.ulbId, id]);
  }

  /** The wards named in which there is neither a building nor a property. */
  async emptyWards(tx: Tx, wardNumbers: string[]): Promise<string[]> {
    const rows = await tx.rows<{ ward: string }>(
      `SELECT ward FROM unnest($2::text[]) AS ward
       WHERE NOT EXISTS (SELECT FROM buildings b WHERE b.ulb_id = $1 AND b.ward_number = ward)
         AND NOT EXISTS (SELECT FROM properties p WHERE p.ulb_id = $1 AND p.ward_number = ward)`,
      [tx.ctx.ulbId, wardNumbers],
    );
    return rows.map((row) => row.ward);
  }

  /** Begins a pending run with a row for each of its wards; what earlier runs kept of classes goes. */
  async begin(tx: Tx, id: string, wardNumbers: string[] | null): Promise<void> {
    const values = [tx.ctx.ulbId, id];
    for (const table of ['discovery_footprints', 'discovery_accounts', 'discovery_groups']) {
      await tx.run(`DELETE FROM ${table} WHERE ulb_id = $1 AND run_id <> $2`, values);
    }
    await tx.run(
      `INSERT INTO discovery_wards (ulb_id, run_id, ward_number)
       SELECT DISTINCT $1::int, $2::uuid, coalesce(w.ward_number, '') FROM (
         SELECT ward_number FROM buildings WHERE ulb_id = $1
         UNION SELECT ward_number FROM properties WHERE ulb_id = $1 AND status = 'active'
         UNION SELECT ward_number FROM parcels WHERE ulb_id = $1 AND land_use = 'vacant') AS w
       WHERE $3::text[] IS NULL OR w.ward_number = ANY ($3) ON CONFLICT DO NOTHING`,
      [...values, wardNumbers],
    );
    await tx.run(
      `UPDATE discovery_runs SET status = 'running', started_at = $3
       WHERE ulb_id = $1 AND id = $2 AND status = 'pending'`,
      [...values, tx.ctx.now],
    );
  }

  async wards(tx: Tx, runId: string): Promise<WardRow[]> {
    return tx.rows<WardRow>(
      `SELECT ward_number, linked_at IS NOT NULL AS linked, examined_at IS NOT NULL AS examined
       FROM discovery_wards WHERE ulb_id = $1 AND run_id = $2 ORDER BY ward_number`,
      [tx.ctx.ulbId, runId],
    );
  }

  /** What each ward had; '' is what lies in none. */
  async wardCounts(tx: Tx, runId: string) {
    return tx.rows<{
      wardNumber: string;
      footprints: number;
      properties: number;
      findings: number;
      done: boolean;
    }>(
      `SELECT ward_number AS "wardNumber", footprints, properties, findings, examined_at IS NOT NULL AS done
       FROM discovery_wards WHERE ulb_id = $1 AND run_id = $2 ORDER BY ward_number`,
      [tx.ctx.ulbId, runId],
    );
  }

  /** The status, held until the transaction ends, so that a run that is cancelled meanwhile is seen. */
  async lock(tx: Tx, id: string): Promise<DiscoveryStatus | null> {
    const sql = 'SELECT status FROM discovery_runs WHERE ulb_id = $1 AND id = $2 FOR UPDATE';
    return (await tx.maybe<{ status: DiscoveryStatus }>(sql, [tx.ctx.ulbId, id]))?.status ?? null;
  }

  async linked(tx: Tx, runId: string, ward: string, counts: { footprints: number; properties: number }) {
    await tx.run(
      `UPDATE discovery_wards SET linked_at = $4, footprints = $5, properties = $6
       WHERE ulb_id = $1 AND run_id = $2 AND ward_number = $3`,
      [tx.ctx.ulbId, runId, ward, tx.ctx.now, counts.footprints, counts.properties],
    );
  }

  /** Marks a ward as examined and adds what became of its findings to the run's counts. */
  async examined(tx: Tx, runId: string, ward: string, findings: number, counts: DiscoveryCounts) {
    const values = [tx.ctx.ulbId, runId];
    await tx.run(
      `UPDATE discovery_wards SET examined_at = $4, findings = $5
       WHERE ulb_id = $1 AND run_id = $2 AND ward_number = $3`,
      [...values, ward, tx.ctx.now, findings],
    );
    await this.count(tx, runId, counts);
  }

  async count(tx: Tx, runId: string, counts: Partial<DiscoveryCounts>): Promise<void> {
    const values = [tx.ctx.ulbId, runId, counts];
    await tx.run('UPDATE discovery_runs SET counts = $3 WHERE ulb_id = $1 AND id = $2', values);
  }

  /** Ends an open run; false where it was over. */
  async end(
    tx: Tx,
    id: string,
    status: 'done' | 'failed' | 'cancelled',
    error: string | null,
  ): Promise<boolean> {
    const ended = await tx.run(
      `UPDATE discovery_runs SET status = $3, error = $4, finished_at = $5
       WHERE ulb_id = $1 AND id = $2 AND status IN ('pending', 'running')`,
      [tx.ctx.ulbId, id, status, error, tx.ctx.now],
    );
    return ended === 1;
  }

  async analyze(tx: Tx, tables: string[]): Promise<void> {
    for (const table of tables) await tx.run('SELECT analyze_table($1)', [table]);
  }
}
