import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { Problem } from '../../core/problem.js';
import { Audit } from '../../platform/audit/audit.js';
import { Database } from '../../platform/database/database.js';
import type { Context, Tx } from '../../platform/database/tx.js';
import { requireOwnWard, seesPersons } from '../persons.js';
import type { RevealBody } from '../parcels.schema.js';
import { ChangeCheck, type Checked } from './change-check.js';
import { changeDetail, changeView, checkView, isMaker } from './change-view.js';
import { type ChangeKind, type ChangeRow, PropertyFileRepository } from './property-file.repository.js';
import type { ChangeBody, Operation, QueueQuery } from './property-file.schema.js';

/** Where a change comes from, if not from the form. */
export interface Origin {
  batchId?: string;
  kind?: ChangeKind;
}

/** The maker's side of the property file: write a change, look what it would do, send it, take it back. */
@Injectable()
export class PropertyFileService {
  constructor(
    private readonly database: Database,
    private readonly changes: PropertyFileRepository,
    private readonly checking: ChangeCheck,
    private readonly audit: Audit,
  ) {}

  /** Tells what a change would do and what stands against it, and keeps nothing. */
  async check(ctx: Context, body: ChangeBody) {
    return this.database.read(ctx, async (tx) => {
      const checked = await this.checking.check(tx, body);
      this.requireWards(ctx, checked);
      return checkView(checked, seesPersons(ctx, wardOf(checked)));
    });
  }

  /** Keeps a draft under the id that its maker gave it, and sends it where asked. Again the same: nothing happens. */
  async save(ctx: Context, id: string, body: ChangeBody) {
    return this.database.write(ctx, async (tx) => {
      const row = await this.keep(tx, id, body);
      return changeDetail(ctx, row, await this.checked(tx, row));
    });
  }

  async submit(ctx: Context, id: string) {
    return this.database.write(ctx, async (tx) => {
      const row = await this.own(tx, id);
      if (row.status !== 'submitted') await this.send(tx, row, await this.checking.check(tx, intentOf(row)));
      return this.detail(tx, id);
    });
  }

  async withdraw(ctx: Context, id: string) {
    return this.database.write(ctx, async (tx) => {
      const row = await this.own(tx, id);
      if (row.status === 'approved') {
        const detail = 'The change is approved and stands on the roll. Make another change that mends it.';
        throw new Problem(409, 'change-decided', detail);
      }
      if (row.batch_id)
        throw new Problem(409, 'change-of-batch', 'It belongs to a file: return the whole file.');
      if (row.status !== 'withdrawn') {
        await this.changes.withdraw(tx, id);
        await this.record(tx, 'withdraw', row);
      }
      return this.detail(tx, id);
    });
  }

  async view(ctx: Context, id: string) {
    return this.database.read(ctx, (tx) => this.detail(tx, id));
  }

  async queue(ctx: Context, query: QueueQuery) {
    return this.database.read(ctx, async (tx) => {
      const wards = ctx.actor.wardNumbers;
      const rows = await this.changes.page(tx, query, wards);
      const items = rows
        .slice(0, query.limit)
        .map((row) => ({ ...changeView(row), mine: isMaker(row, ctx.actor) }));
      const next = rows.length > query.limit ? (items.at(-1)?.id ?? null) : null;
      return { items, next, total: await this.changes.count(tx, query, wards) };
    });
  }

  /** The persons that a change names, in full, for a reason that the audit log keeps. */
  async reveal(ctx: Context, id: string, { reason }: RevealBody) {
    return this.database.write(ctx, async (tx) => {
      const row = await this.found(tx, id);
      requireOwnWard(ctx, row.ward_number);
      const operations = row.operations.filter((operation) => /owner/.test(operation.do));
      const after = { number: row.number, acts: operations.length };
      await this.audit.record(tx, {
        action: 'owners.reveal',
        noun: 'property-change',
        nounId: id,
        after,
        reason,
      });
      return { operations };
    });
  }

  /** The next number after the highest of a ward, in the same form; null where the ward has none to follow. */
  async nextNumber(ctx: Context, ward: string): Promise<{ number: string | null }> {
    return this.database.read(ctx, async (tx) => {
      const highest = await this.changes.highestNumber(tx, ward);
      const digits = /\d{1,18}$/.exec(highest ?? '')?.[0];
      if (!highest || !digits) return { number: null };
      const next = (BigInt(digits) + 1n).toString().padStart(digits.length, '0');
      return { number: highest.slice(0, -digits.length) + next };
    });
  }

  /** Keeps and, where the body says so, sends a change, in a transaction of the caller. */
  async keep(tx: Tx, id: string, body: ChangeBody, origin: Origin = {}): Promise<ChangeRow> {
    const { submit, ...intent } = body;
    const digest = createHash('sha256').update(JSON.stringify(intent)).digest('hex');
    const there = await this.changes.lock(tx, id);
    if (there) {
      this.requireMaker(tx.ctx, there);
      if (there.digest === digest && there.status !== 'draft' && there.status !== 'returned') return there;
      if (there.status !== 'draft' && there.status !== 'returned') {
        const detail = `The change is ${there.status} and can no longer be rewritten. Withdraw it, or make another.`;
        throw new Problem(409, 'change-sent', detail);
      }
    }
    const checked = await this.checking.check(tx, body);
    this.requireWards(tx.ctx, checked);
    const { number, wardNumber } = checked.document.property;
    await this.changes.save(tx, {
      ...intent,
      id,
      digest,
      batchId: origin.batchId ?? null,
      kind: origin.kind ?? kindOf(body.operations),
      document: body.document ?? null,
      number: number || null,
      wardNumber,
    });
    const row = await this.found(tx, id);
    // What is sent at once leaves the trace of its sending only.
    if (!there && !submit) await this.record(tx, 'draft', row);
    if (submit) await this.send(tx, row, checked);
    return this.found(tx, id);
  }

  private async send(tx: Tx, row: ChangeRow, checked: Checked): Promise<void> {
    if (row.status !== 'draft' && row.status !== 'returned') {
      throw new Problem(409, 'change-sent', `The change is ${row.status}: there is nothing to send.`);
    }
    requireSound(checked, row);
    await this.changes.oneAtATime(tx, row.property_id);
    const open = await this.changes.open(tx, row.property_id, row.id);
    const waiting =
      open.find(({ status }) => status === 'submitted') ?? (row.kind === 'retire' ? open[0] : undefined);
    if (waiting) throw openProblem(waiting, row.kind);
    await this.changes.submit(tx, row.id);
    await this.record(tx, 'submit', row);
  }

  private async record(tx: Tx, act: string, row: ChangeRow): Promise<void> {
    const { number, wardNumber, kind, effectiveOn, acts } = changeView(row);
    const after = { propertyId: row.property_id, number, wardNumber, kind, effectiveOn, acts };
    const entry = { noun: 'property-change', nounId: row.id, after, reason: row.reason };
    await this.audit.record(tx, { action: `property-change.${act}`, ...entry });
  }

  private async detail(tx: Tx, id: string) {
    const row = await this.found(tx, id);
    requireOwnWard(tx.ctx, row.ward_number);
    if (row.status === 'draft') this.requireMaker(tx.ctx, row);
    return changeDetail(tx.ctx, row, await this.checked(tx, row));
  }

  /** What is decided is no longer checked: it is history. */
  private async checked(tx: Tx, row: ChangeRow): Promise<Checked | null> {
    const open = row.status === 'draft' || row.status === 'submitted' || row.status === 'returned';
    return open ? this.checking.check(tx, intentOf(row)) : null;
  }

  private async own(tx: Tx, id: string): Promise<ChangeRow> {
    const row = await this.changes.lock(tx, id);
    if (!row) throw unknownChange(id);
    this.requireMaker(tx.ctx, row);
    return row;
  }

  private async found(tx: Tx, id: string): Promise<ChangeRow> {
    const row = await this.changes.find(tx, id);
    if (!row) throw unknownChange(id);
    return row;
  }

  private requireMaker(ctx: Context, row: ChangeRow): void {
    if (isMaker(row, ctx.actor)) return;
    const detail = `The change was made by ${row.made_by_login}: only its maker may do that.`;
    throw new Problem(403, 'change-not-yours', detail);
  }

  /** Nobody may take a property out of his wards, nor bring one of another into them. */
  private requireWards(ctx: Context, checked: Checked): void {
    if (checked.current) requireOwnWard(ctx, checked.current.document.property.wardNumber);
    requireOwnWard(ctx, checked.document.property.wardNumber);
  }
}

const wardOf = (checked: Checked) => checked.document.property.wardNumber;

export function intentOf(row: ChangeRow) {
  const { property_id: propertyId, base_version: baseVersion, effective_on: effectiveOn, operations } = row;
  return { propertyId, baseVersion, effectiveOn, operations };
}

export function unknownChange(id: string): Problem {
  return new Problem(404, 'change-unknown', `There is no change ${id}.`);
}

/** Throws a Problem: 409 with what others changed meanwhile, 422 with what is wrong. */
export function requireSound(checked: Checked, row: Pick<ChangeRow, 'base_version' | 'number'>): void {
  if (checked.changedSince) {
    const now = checked.current?.version ?? 0;
    const lines = checked.changedSince.filter(({ noun }) => noun !== 'owner');
    const owners = checked.changedSince.some(({ noun }) => noun === 'owner');
    const detail =
      `Property ${checked.current?.document.property.number ?? row.number ?? ''} was changed meanwhile: you saw version ` +
      `${row.base_version}, it is at ${now}. Look at what has changed and make your change again.`;
    const extra = { baseVersion: row.base_version, version: now, changed: lines, ownersChanged: owners };
    throw new Problem(409, 'property-changed', detail, [], extra);
  }
  if (checked.faults.length) {
    throw new Problem(
      422,
      'change-faulty',
      'The change cannot be sent as it is; see errors.',
      checked.faults,
    );
  }
}

function openProblem(open: ChangeRow, kind: ChangeKind): Problem {
  const since = (open.submitted_at ?? open.made_at).toISOString().slice(0, 10);
  const state = open.status === 'submitted' ? 'waits to be checked' : `is a ${open.status} of its maker`;
  const detail =
    `${kind === 'retire' ? 'The property cannot be retired while' : 'Wait:'} another change of property ` +
    `${open.number ?? ''} by ${open.made_by_login}, of ${since}, ${state}. Have it approved, returned or withdrawn first.`;
  return new Problem(409, 'change-open', detail, [], { changeId: open.id, madeByLogin: open.made_by_login });
}

function kindOf(operations: readonly Operation[]): ChangeKind {
  if (operations.some((operation) => operation.do === 'create-property')) return 'create';
  return operations.some((operation) => operation.do === 'retire-property') ? 'retire' : 'alter';
}
