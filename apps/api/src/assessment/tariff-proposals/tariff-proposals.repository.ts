import { Injectable } from '@nestjs/common';
import type { SqlValue, Tx } from '../../platform/database/tx.js';
import { limits } from '../../platform/limits.js';
import { caseExplainSql, caseParameters } from '../../tariff/case.js';
import type { CompiledTariff } from '../../tariff/compile.js';

export type ProposalStatus = 'draft' | 'submitted' | 'returned' | 'approved' | 'discarded';

export interface ProposalRow {
  id: string;
  kind: 'assessment' | 'collection';
  purpose: string;
  base_sha256: string | null;
  source: string;
  version: number;
  status: ProposalStatus;
  makers: string[];
  created_by_login: string;
  created_at: Date;
  changed_by_login: string;
  changed_at: Date;
  submitted_by_login: string | null;
  submitted_at: Date | null;
  decided_by: string | null;
  decided_by_login: string | null;
  decided_at: Date | null;
  reason: string | null;
  installed_sha256: string | null;
}

const columns = `id, kind, purpose, base_sha256, source, version, status, makers, created_by_login, created_at,
  changed_by_login, changed_at, submitted_by_login, submitted_at, decided_by, decided_by_login, decided_at, reason,
  installed_sha256`;

/** Proposals and what an example needs of the roll. Every change states the version that it was made upon. */
@Injectable()
export class TariffProposalsRepository {
  /** Open ones first, then the newest. */
  async list(tx: Tx): Promise<ProposalRow[]> {
    return tx.rows<ProposalRow>(
      `SELECT ${columns} FROM tariff_proposals WHERE ulb_id = $1 AND status <> 'discarded'
       ORDER BY status = 'approved', changed_at DESC, id LIMIT $2`,
      [tx.ctx.ulbId, limits.pageRows],
    );
  }

  async get(tx: Tx, id: string): Promise<ProposalRow | null> {
    const sql = `SELECT ${columns} FROM tariff_proposals WHERE ulb_id = $1 AND id = $2`;
    return tx.maybe<ProposalRow>(sql, [tx.ctx.ulbId, id]);
  }

  /** Whoever else changes it waits, so that its version is compared with what they leave. */
  async lock(tx: Tx, id: string): Promise<ProposalRow | null> {
    const sql = `SELECT ${columns} FROM tariff_proposals WHERE ulb_id = $1 AND id = $2 FOR UPDATE`;
    return tx.maybe<ProposalRow>(sql, [tx.ctx.ulbId, id]);
  }

  async add(
    tx: Tx,
    proposal: Pick<ProposalRow, 'id' | 'kind' | 'purpose' | 'base_sha256' | 'source'>,
  ): Promise<void> {
    const { ulbId, actor, now } = tx.ctx;
    await tx.run(
      `INSERT INTO tariff_proposals (ulb_id, id, kind, purpose, base_sha256, source, status, makers, created_by_login,
         created_at, changed_by_login, changed_at)
       VALUES ($1, $2, $3, $4, $5, $6, 'draft', ARRAY[$7::uuid], $8, $9, $8, $9)`,
      [
        ulbId,
        proposal.id,
        proposal.kind,
        proposal.purpose,
        proposal.base_sha256,
        proposal.source,
        actor.id,
        actor.login,
        now,
      ],
    );
  }

  /** A new text. Whoever returned it and then mends it himself is a maker from now on, and no longer its judge. */
  async change(tx: Tx, id: string, source: string): Promise<void> {
    const { ulbId, actor, now } = tx.ctx;
    await tx.run(
      `UPDATE tariff_proposals SET source = $3, version = version + 1, changed_by_login = $5, changed_at = $6,
         makers = CASE WHEN $4::uuid = ANY (makers) THEN makers ELSE makers || $4::uuid END,
         status = CASE WHEN decided_by = $4::uuid THEN 'draft' ELSE status END,
         decided_by = nullif(decided_by, $4::uuid)
       WHERE ulb_id = $1 AND id = $2`,
      [ulbId, id, source, actor.id, actor.login, now],
    );
  }

  async submit(tx: Tx, id: string): Promise<void> {
    const { ulbId, actor, now } = tx.ctx;
    await tx.run(
      `UPDATE tariff_proposals SET status = 'submitted', submitted_by_login = $4, submitted_at = $5,
         makers = CASE WHEN $3::uuid = ANY (makers) THEN makers ELSE makers || $3::uuid END,
         decided_by = NULL, decided_by_login = NULL, decided_at = NULL, reason = NULL
       WHERE ulb_id = $1 AND id = $2`,
      [ulbId, id, actor.id, actor.login, now],
    );
  }

  async setStatus(tx: Tx, id: string, status: 'draft' | 'discarded'): Promise<void> {
    const sql = 'UPDATE tariff_proposals SET status = $3 WHERE ulb_id = $1 AND id = $2';
    await tx.run(sql, [tx.ctx.ulbId, id, status]);
  }

  async decide(
    tx: Tx,
    id: string,
    decision: { status: 'approved' | 'returned'; reason: string | null; installedSha256: string | null },
  ): Promise<void> {
    const { ulbId, actor, now } = tx.ctx;
    await tx.run(
      `UPDATE tariff_proposals SET status = $3, reason = $4, installed_sha256 = $5, decided_by = $6,
         decided_by_login = $7, decided_at = $8 WHERE ulb_id = $1 AND id = $2`,
      [ulbId, id, decision.status, decision.reason, decision.installedSha256, actor.id, actor.login, now],
    );
  }

  /** A property by its number, or by a former one; null where none or several bear it. */
  async property(
    tx: Tx,
    number: string,
  ): Promise<{ id: string; number: string; ward: string | null } | null> {
    const rows = await tx.rows<{ id: string; number: string; ward: string | null }>(
      `SELECT id, number, ward_number AS ward FROM properties WHERE ulb_id = $1 AND id IN (
         SELECT id FROM properties WHERE ulb_id = $1 AND number = $2
         UNION SELECT property_id FROM property_aliases WHERE ulb_id = $1 AND alias = $2
           AND NOT EXISTS (SELECT FROM properties WHERE ulb_id = $1 AND number = $2))`,
      [tx.ctx.ulbId, number],
    );
    return rows.length === 1 ? (rows[0] ?? null) : null;
  }

  async explainProperty(tx: Tx, tariff: CompiledTariff, propertyId: string, fy: number): Promise<unknown> {
    const values = [tx.ctx.ulbId, fy, `${fy}-04-01`, propertyId];
    return (await tx.maybe<{ explanation: unknown }>(tariff.explainSql, values))?.explanation ?? null;
  }

  /** A case brings its own rows: nothing of the municipality is read. */
  async explainCase(
    tx: Tx,
    tariff: CompiledTariff,
    given: Parameters<typeof caseParameters>[1],
  ): Promise<unknown> {
    const values = caseParameters(tariff, given) as SqlValue[];
    return (await tx.maybe<{ explanation: unknown }>(caseExplainSql(tariff), values))?.explanation ?? null;
  }
}
