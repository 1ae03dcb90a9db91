import { Injectable } from '@nestjs/common';
import { uuidV7 } from '../../../core/ids.js';
import { Problem } from '../../../core/problem.js';
import { Audit } from '../../../platform/audit/audit.js';
import { Database } from '../../../platform/database/database.js';
import { limits } from '../../../platform/limits.js';
import type { Context, Tx } from '../../../platform/database/tx.js';
import { isMaker } from '../change-view.js';
import { CodesService } from '../codes/codes.service.js';
import { DecisionService, requireOther } from '../decision.service.js';
import { PropertyFileRepository } from '../property-file.repository.js';
import type { ReturnBody } from '../property-file.schema.js';
import { BulkGroups } from './bulk-groups.js';
import { type BulkReport, readFile, sha256Of } from './bulk-report.js';
import { type BatchRow, BulkRepository } from './bulk.repository.js';
import type { BulkBody } from './bulk.schema.js';

/** Changes of many properties from one file: checked row by row, made at once or not at all, decided as one. */
@Injectable()
export class BulkService {
  constructor(
    private readonly database: Database,
    private readonly batches: BulkRepository,
    private readonly groups: BulkGroups,
    private readonly changes: PropertyFileRepository,
    private readonly decisions: DecisionService,
    private readonly codes: CodesService,
    private readonly audit: Audit,
  ) {}

  /**
   * Reads a file and makes one submitted change a property of its sound rows. A property of which one row is refused
   * is left alone whole. A dry run does all of it and keeps nothing; the same file given again makes nothing anew.
   */
  async load(ctx: Context, body: BulkBody): Promise<BulkReport> {
    const read = await readFile(body.text);
    const fileSha256 = sha256Of(body.text);
    const work = async (tx: Tx): Promise<BulkReport> => {
      const before = await this.batches.ofFile(tx, fileSha256);
      if (before) return { ...before.report, result: 'already' };
      const id = uuidV7(ctx.now.getTime());
      const { intents, ...found } = await this.groups.read(tx, read, body);
      const accepted = intents.reduce((sum, { rows }) => sum + rows, 0);
      const rows = read.rows.length + read.faults.length;
      const counts = { rows, accepted, ...found.counts, changes: intents.length };
      const result = body.dryRun
        ? 'dry-run'
        : intents.length
          ? 'submitted'
          : counts.refused
            ? 'refused'
            : 'unchanged';
      const report: BulkReport = { id, file: body.file, fileSha256, result, counts, lines: found.lines };
      if (result !== 'submitted') return report;
      await this.batches.insert(tx, report);
      for (const { change } of intents) {
        await this.changes.save(tx, { ...change, id: uuidV7(ctx.now.getTime()), batchId: id });
      }
      for (const changeId of await this.batches.changeIds(tx, id)) await this.changes.submit(tx, changeId);
      await this.record(tx, 'submit', report, body.reason);
      return report;
    };
    return this.database.write(ctx, work, { statementTimeoutMs: limits.jobStatementTimeoutMs });
  }

  async list(ctx: Context) {
    return this.database.read(ctx, async (tx) => {
      const rows = await this.batches.list(tx, limits.pageRowsDefault);
      return rows.map((row) => batchView(ctx, row));
    });
  }

  /** Lets all changes of a file onto the roll in one transaction, or none and says which stand in the way. */
  async approve(ctx: Context, id: string) {
    const work = async (tx: Tx) => {
      const batch = await this.open(tx, id);
      const codes = await this.codes.of(tx, ctx.now.toISOString().slice(0, 10));
      const properties: string[] = [];
      const refused: { where: string; value?: unknown; message: string }[] = [];
      for (const changeId of await this.batches.changeIds(tx, id)) {
        const row = await this.changes.lock(tx, changeId);
        if (!row) continue;
        try {
          await this.decisions.apply(tx, row, codes);
          properties.push(row.property_id);
        } catch (error) {
          if (!(error instanceof Problem)) throw error;
          refused.push({
            where: row.number ?? row.property_id,
            message: error.errors[0]?.message ?? error.detail,
          });
        }
      }
      if (refused.length) {
        const detail = `${refused.length} of the file's changes can no longer be made; nothing was written. Return the file.`;
        throw new Problem(409, 'batch-stale', detail, refused.slice(0, 100));
      }
      await this.decisions.refresh(tx, properties);
      await this.batches.decide(tx, id, 'approved', null);
      await this.record(tx, 'approve', batch.report);
      return { id, status: 'approved' as const, properties: properties.length };
    };
    return this.database.write(ctx, work, { statementTimeoutMs: limits.jobStatementTimeoutMs });
  }

  async sendBack(ctx: Context, id: string, { reason }: ReturnBody) {
    return this.database.write(ctx, async (tx) => {
      const batch = await this.open(tx, id);
      for (const changeId of await this.batches.changeIds(tx, id)) {
        await this.changes.decide(tx, changeId, { reason });
      }
      await this.batches.decide(tx, id, 'returned', reason);
      await this.record(tx, 'return', batch.report, reason);
      return { id, status: 'returned' as const };
    });
  }

  private async open(tx: Tx, id: string): Promise<BatchRow> {
    const batch = await this.batches.find(tx, id);
    if (!batch) throw new Problem(404, 'batch-unknown', `There is no file of changes ${id}.`);
    if (batch.status !== 'submitted') {
      const detail = `The file is ${batch.status} by ${batch.decided_by_login}: there is nothing to decide.`;
      throw new Problem(409, 'change-decided', detail);
    }
    if (tx.ctx.actor.wardNumbers !== null) {
      const detail =
        'A file of changes may touch every ward: an officer of the whole municipality decides on it.';
      throw new Problem(403, 'ward-not-yours', detail);
    }
    requireOther(tx.ctx, batch);
    return batch;
  }

  private async record(tx: Tx, act: string, report: BulkReport, reason?: string): Promise<void> {
    const { id, file, fileSha256, counts } = report;
    const after = { file, fileSha256, counts };
    const entry = { noun: 'property-change-batch', nounId: id, after, ...(reason ? { reason } : {}) };
    await this.audit.record(tx, { action: `property-change-batch.${act}`, ...entry });
  }
}

function batchView(ctx: Context, row: BatchRow) {
  return {
    id: row.id,
    file: row.file,
    status: row.status,
    counts: row.report.counts,
    lines: row.report.lines,
    madeByLogin: row.made_by_login,
    madeAt: row.made_at,
    mine: isMaker(row, ctx.actor),
    decidedByLogin: row.decided_by_login,
    decidedAt: row.decided_at,
    decisionReason: row.decision_reason,
  };
}
