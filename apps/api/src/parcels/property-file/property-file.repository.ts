import { Injectable } from '@nestjs/common';
import type { SqlValue, Tx } from '../../platform/database/tx.js';
import type { Operation, QueueQuery } from './property-file.schema.js';

export type ChangeStatus = 'draft' | 'submitted' | 'approved' | 'returned' | 'withdrawn';
export type ChangeKind = 'create' | 'alter' | 'return' | 'retire';

export interface ChangeRow {
  id: string;
  property_id: string;
  batch_id: string | null;
  kind: ChangeKind;
  status: ChangeStatus;
  base_version: number;
  effective_on: string;
  document: string | null;
  reason: string;
  number: string | null;
  ward_number: string | null;
  operations: Operation[];
  digest: string;
  submitted_at: Date | null;
  made_by: string | null;
  made_by_login: string;
  made_at: Date;
  decided_by: string | null;
  decided_by_login: string | null;
  decided_at: Date | null;
  decision_reason: string | null;
  applied_version: number | null;
}

export interface NewChange {
  id: string;
  propertyId: string;
  batchId: string | null;
  kind: ChangeKind;
  baseVersion: number;
  effectiveOn: string;
  document: string | null;
  reason: string;
  number: string | null;
  wardNumber: string | null;
  operations: Operation[];
  digest: string;
}

const columns = `id, property_id, batch_id, kind, status, base_version, effective_on, document, reason, number,
  ward_number, operations, digest, submitted_at, made_by, made_by_login, made_at, decided_by, decided_by_login,
  decided_at, decision_reason, applied_version`;

@Injectable()
export class PropertyFileRepository {
  async find(tx: Tx, id: string): Promise<ChangeRow | null> {
    return tx.maybe(`SELECT ${columns} FROM property_changes WHERE ulb_id = $1 AND id = $2`, [
      tx.ctx.ulbId,
      id,
    ]);
  }

  /** As `find`, and nobody else changes it until this transaction ends. */
  async lock(tx: Tx, id: string): Promise<ChangeRow | null> {
    return tx.maybe(`SELECT ${columns} FROM property_changes WHERE ulb_id = $1 AND id = $2 FOR UPDATE`, [
      tx.ctx.ulbId,
      id,
    ]);
  }

  /** A draft is written whole; writing it again by its maker replaces it, and takes back a return. */
  async save(tx: Tx, change: NewChange): Promise<void> {
    const { actor, now, ulbId } = tx.ctx;
    await tx.run(
      `INSERT INTO property_changes (ulb_id, id, property_id, batch_id, kind, status, base_version, effective_on,
         document, reason, number, ward_number, operations, digest, made_by, made_by_login, made_at)
       VALUES ($1, $2, $3, $4, $5, 'draft', $6, $7, $8, $9, $10, $11, $12::jsonb, $13, $14, $15, $16)
       ON CONFLICT (ulb_id, id) DO UPDATE SET kind = excluded.kind, status = 'draft',
         base_version = excluded.base_version, effective_on = excluded.effective_on,
         document = excluded.document, reason = excluded.reason, number = excluded.number,
         ward_number = excluded.ward_number, operations = excluded.operations, digest = excluded.digest,
         made_at = excluded.made_at, submitted_at = NULL, decided_by = NULL, decided_by_login = NULL,
         decided_at = NULL, decision_reason = NULL`,
      [
        ulbId,
        change.id,
        change.propertyId,
        change.batchId,
        change.kind,
        change.baseVersion,
        change.effectiveOn,
        change.document,
        change.reason,
        change.number,
        change.wardNumber,
        JSON.stringify(change.operations),
        change.digest,
        actor.id,
        actor.login,
        now,
      ],
    );
  }

  /** Waits for whoever sends a change of the same property, or takes the same number, at this moment. */
  async oneAtATime(tx: Tx, what: string): Promise<void> {
    await tx.run('SELECT pg_advisory_xact_lock($1, hashtext($2))', [tx.ctx.ulbId, what]);
  }

  async submit(tx: Tx, id: string): Promise<void> {
    await tx.run(
      "UPDATE property_changes SET status = 'submitted', submitted_at = $3 WHERE ulb_id = $1 AND id = $2",
      [tx.ctx.ulbId, id, tx.ctx.now],
    );
  }

  /** Approved as version `appliedVersion`, or returned with a reason. */
  async decide(tx: Tx, id: string, decision: { appliedVersion: number } | { reason: string }): Promise<void> {
    const approved = 'appliedVersion' in decision;
    await tx.run(
      `UPDATE property_changes SET status = $3, decided_by = $4, decided_by_login = $5, decided_at = $6,
         applied_version = $7, decision_reason = $8 WHERE ulb_id = $1 AND id = $2`,
      [
        tx.ctx.ulbId,
        id,
        approved ? 'approved' : 'returned',
        tx.ctx.actor.id,
        tx.ctx.actor.login,
        tx.ctx.now,
        approved ? decision.appliedVersion : null,
        approved ? null : decision.reason,
      ],
    );
  }

  async withdraw(tx: Tx, id: string): Promise<void> {
    await tx.run(
      `UPDATE property_changes SET status = 'withdrawn', decided_by = NULL, decided_by_login = NULL,
         decided_at = NULL, decision_reason = NULL WHERE ulb_id = $1 AND id = $2`,
      [tx.ctx.ulbId, id],
    );
  }

  /** Changes of a property that nobody has decided yet, drafts too, but for the one named. */
  async open(tx: Tx, propertyId: string, but: string): Promise<ChangeRow[]> {
    return tx.rows(
      `SELECT ${columns} FROM property_changes WHERE ulb_id = $1 AND property_id = $2 AND id <> $3
         AND status IN ('draft', 'submitted', 'returned') ORDER BY id`,
      [tx.ctx.ulbId, propertyId, but],
    );
  }

  /** A page in the order in which they were made; `wards` null: of the whole municipality. */
  async page(tx: Tx, query: QueueQuery, wards: readonly string[] | null): Promise<ChangeRow[]> {
    const { where, values } = this.conditions(tx, query, wards);
    values.push(query.after ?? null, query.limit + 1);
    return tx.rows(
      `SELECT ${columns} FROM property_changes
       WHERE ${where} AND ($${values.length - 1}::uuid IS NULL OR id > $${values.length - 1}::uuid)
       ORDER BY id LIMIT $${values.length}`,
      values,
    );
  }

  async count(tx: Tx, query: QueueQuery, wards: readonly string[] | null): Promise<number> {
    const { where, values } = this.conditions(tx, query, wards);
    const row = await tx.one<{ n: number }>(
      `SELECT count(*)::int AS n FROM property_changes WHERE ${where}`,
      values,
    );
    return row.n;
  }

  private conditions(tx: Tx, query: QueueQuery, wards: readonly string[] | null) {
    const values: SqlValue[] = [tx.ctx.ulbId, query.status];
    const parts = ['ulb_id = $1', 'status = $2'];
    // A draft is its maker's own affair until he sends it.
    if (query.mine || query.status === 'draft') {
      parts.push(`made_by_login = $${values.push(tx.ctx.actor.login)}`);
    }
    if (query.propertyId) parts.push(`property_id = $${values.push(query.propertyId)}`);
    if (query.batchId) parts.push(`batch_id = $${values.push(query.batchId)}`);
    if (wards) parts.push(`ward_number = ANY ($${values.push(wards)}::text[])`);
    return { where: parts.join(' AND '), values };
  }

  /** What a document names and the municipality does not have: wards on the day, parcels, and a number that is taken. */
  async unknown(
    tx: Tx,
    asked: {
      wardNumber: string | null;
      day: string;
      parcelIds: string[];
      number: string;
      propertyId: string;
    },
  ): Promise<{ ward: boolean; parcels: string[]; takenBy: string | null }> {
    return tx.one(
      `SELECT $2::text IS NOT NULL
           AND EXISTS (SELECT FROM wards WHERE ulb_id = $1 AND effective @> $3::date)
           AND NOT EXISTS (SELECT FROM wards WHERE ulb_id = $1 AND effective @> $3::date AND number = $2) AS ward,
         ARRAY(SELECT named.id FROM unnest($4::uuid[]) AS named(id)
           WHERE NOT EXISTS (SELECT FROM parcels g WHERE g.ulb_id = $1 AND g.id = named.id)) AS parcels,
         (SELECT id FROM properties WHERE ulb_id = $1 AND number = $5 AND id <> $6::uuid) AS "takenBy"`,
      [tx.ctx.ulbId, asked.wardNumber, asked.day, asked.parcelIds, asked.number, asked.propertyId],
    );
  }

  /** Numbers that are on the roll or asked for by open changes, of one ward; the highest by their last digits. */
  async highestNumber(tx: Tx, ward: string): Promise<string | null> {
    const row = await tx.maybe<{ number: string }>(
      `SELECT number FROM (SELECT number FROM properties WHERE ulb_id = $1 AND ward_number = $2
           UNION ALL SELECT number FROM property_changes WHERE ulb_id = $1 AND ward_number = $2
             AND status IN ('draft', 'submitted') AND base_version = 0) AS n
       WHERE number ~ '\\d$'
       ORDER BY substring(number FROM '(\\d{1,18})$')::bigint DESC, number DESC LIMIT 1`,
      [tx.ctx.ulbId, ward],
    );
    return row?.number ?? null;
  }
}
