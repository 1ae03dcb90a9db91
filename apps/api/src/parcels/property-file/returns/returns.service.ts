import { Injectable } from '@nestjs/common';
import { dayInIndia, financialYearStart, formatFinancialYear } from '../../../core/period.js';
import { Problem } from '../../../core/problem.js';
import { Audit } from '../../../platform/audit/audit.js';
import { Database } from '../../../platform/database/database.js';
import { limits } from '../../../platform/limits.js';
import type { Context, Tx } from '../../../platform/database/tx.js';
import { requireOwnWard } from '../../persons.js';
import { DocumentRepository } from '../document.repository.js';
import { holdsOn } from '../property-document.js';
import type { ReturnBody } from '../property-file.schema.js';
import { PropertyFileService } from '../property-file.service.js';
import { checkReturn, type Finding, type MapFigures, tolerancePercent } from './return-check.js';
import { operationsOf } from './return-operations.js';
import { type ReturnRow, ReturnsRepository } from './returns.repository.js';
import type { Acceptance, Filing, ReturnsQuery } from './returns.schema.js';

/** Returns of owners: filed, checked against roll and map at once, and made a change by an officer or turned down. */
@Injectable()
export class ReturnsService {
  constructor(
    private readonly database: Database,
    private readonly returns: ReturnsRepository,
    private readonly documents: DocumentRepository,
    private readonly file: PropertyFileService,
    private readonly audit: Audit,
  ) {}

  /** What the check finds, without filing. */
  async check(ctx: Context, given: Filing) {
    return this.database.read(ctx, (tx) => this.checked(tx, given));
  }

  /** Keeps the return with what its check found on this day; one of the same year before it is revised. */
  async submit(ctx: Context, id: string, given: Filing) {
    return this.database.write(ctx, async (tx) => {
      const there = await this.returns.find(tx, id);
      if (!there) {
        const { findings } = await this.checked(tx, given);
        await this.returns.file(tx, id, given, findings);
        await this.record(tx, 'file', await this.found(tx, id));
      } else if (there.property_id !== given.propertyId) {
        throw new Problem(409, 'return-known', 'A return of another property was filed under this id.');
      }
      return returnView(await this.found(tx, id));
    });
  }

  async list(ctx: Context, query: ReturnsQuery) {
    return this.database.read(ctx, async (tx) => {
      const rows = await this.returns.list(tx, query, ctx.actor.wardNumbers, limits.pageRows);
      return rows.map(returnView);
    });
  }

  /** Makes it a change that a second person checks. Asked again, it tells what was decided. */
  async accept(ctx: Context, id: string, given: Acceptance) {
    return this.database.write(ctx, async (tx) => {
      const row = await this.found(tx, id);
      if (row.status === 'accepted') return returnView(row);
      this.requireFiled(row);
      const known = await this.documents.version(tx, row.property_id, null);
      if (!known) throw unknownProperty(row.property_id);
      const effectiveOn = given.effectiveOn ?? financialYearStart(row.fy);
      const units = known.document.units.filter((unit) => holdsOn(unit, effectiveOn));
      const operations = operationsOf(row.declared, units, given);
      const document = row.document ?? `Return for ${formatFinancialYear(row.fy)}`;
      const base = { propertyId: row.property_id, baseVersion: known.version, effectiveOn, document };
      const body = { ...base, reason: given.reason, operations, submit: true };
      await this.file.keep(tx, given.changeId, body, { kind: 'return' });
      await this.returns.decide(tx, id, {
        status: 'accepted',
        changeId: given.changeId,
        reason: given.reason,
      });
      await this.record(tx, 'accept', row, given.reason);
      return returnView(await this.found(tx, id));
    });
  }

  async reject(ctx: Context, id: string, { reason }: ReturnBody) {
    return this.database.write(ctx, async (tx) => {
      const row = await this.found(tx, id);
      this.requireFiled(row);
      await this.returns.decide(tx, id, { status: 'rejected', changeId: null, reason });
      await this.record(tx, 'reject', row, reason);
      return returnView(await this.found(tx, id));
    });
  }

  private async checked(
    tx: Tx,
    given: Filing,
  ): Promise<{ findings: Finding[]; map: MapFigures; tolerancePercent: number }> {
    const known = await this.documents.version(tx, given.propertyId, null);
    if (!known) throw unknownProperty(given.propertyId);
    requireOwnWard(tx.ctx, known.document.property.wardNumber);
    if (known.document.property.status === 'retired') {
      throw new Problem(409, 'property-retired', 'The property is retired: no return can be filed for it.');
    }
    // A return of a year that is past is held against the roll of its last day.
    const today = dayInIndia(tx.ctx.now);
    const lastDay = `${given.fy + 1}-03-31`;
    const units = known.document.units.filter((unit) => holdsOn(unit, lastDay < today ? lastDay : today));
    const map = await this.returns.mapFigures(tx, given.propertyId);
    return { findings: checkReturn(given.units, units, map), map, tolerancePercent };
  }

  private requireFiled(row: ReturnRow): void {
    if (row.status === 'filed') return;
    throw new Problem(409, 'return-decided', `The return is ${row.status}: there is nothing to decide.`);
  }

  private async found(tx: Tx, id: string): Promise<ReturnRow> {
    const row = await this.returns.find(tx, id);
    if (!row) throw new Problem(404, 'return-unknown', `There is no return ${id}.`);
    requireOwnWard(tx.ctx, row.ward_number);
    return row;
  }

  private async record(tx: Tx, act: string, row: ReturnRow, reason?: string): Promise<void> {
    const after = { propertyId: row.property_id, number: row.number, fy: row.fy, units: row.declared.length };
    const entry = { noun: 'property-return', nounId: row.id, after, ...(reason ? { reason } : {}) };
    await this.audit.record(tx, { action: `property-return.${act}`, ...entry });
  }
}

const unknownProperty = (id: string) => new Problem(404, 'property-unknown', `There is no property ${id}.`);

function returnView(row: ReturnRow) {
  return {
    id: row.id,
    propertyId: row.property_id,
    number: row.number,
    wardNumber: row.ward_number,
    fy: formatFinancialYear(row.fy),
    status: row.status,
    filedFor: row.filed_for,
    document: row.document,
    units: row.declared,
    findings: row.findings,
    tolerancePercent,
    changeId: row.change_id,
    filedByLogin: row.made_by_login,
    filedAt: row.made_at,
    decidedByLogin: row.decided_by_login,
    decidedAt: row.decided_at,
    decisionReason: row.decision_reason,
  };
}
