import { Injectable } from '@nestjs/common';
import { Problem } from '../../core/problem.js';
import { Audit } from '../../platform/audit/audit.js';
import { Database } from '../../platform/database/database.js';
import type { Context, Tx } from '../../platform/database/tx.js';
import { Jobs } from '../../platform/queue/jobs.js';
import { SearchIndex } from '../../search/search-index.repository.js';
import { refreshTerms } from '../../search/search.jobs.js';
import { requireOwnWard } from '../persons.js';
import { ChangeCheck } from './change-check.js';
import { changeView, isMaker } from './change-view.js';
import type { RollCodes } from './codes/codes.service.js';
import { DocumentRepository } from './document.repository.js';
import { type ChangeRow, PropertyFileRepository } from './property-file.repository.js';
import type { ReturnBody } from './property-file.schema.js';
import { intentOf, requireSound, unknownChange } from './property-file.service.js';

/** The checker's side of the property file: a second person lets a change onto the roll, or sends it back. */
@Injectable()
export class DecisionService {
  constructor(
    private readonly database: Database,
    private readonly changes: PropertyFileRepository,
    private readonly documents: DocumentRepository,
    private readonly checking: ChangeCheck,
    private readonly search: SearchIndex,
    private readonly jobs: Jobs,
    private readonly audit: Audit,
  ) {}

  /** Writes the change onto the roll. Asked again by who approved it, it tells the same. */
  async approve(ctx: Context, id: string) {
    return this.database.write(ctx, async (tx) => {
      const row = await this.locked(tx, id);
      if (row.status === 'approved' && row.decided_by_login === ctx.actor.login) return changeView(row);
      this.requireOpen(ctx, row);
      if (row.batch_id) {
        throw new Problem(
          409,
          'change-of-batch',
          'It belongs to a file of changes: decide on the whole file.',
        );
      }
      await this.apply(tx, row);
      await this.refresh(tx, [row.property_id]);
      return changeView((await this.changes.find(tx, id)) ?? row);
    });
  }

  async sendBack(ctx: Context, id: string, { reason }: ReturnBody) {
    return this.database.write(ctx, async (tx) => {
      const row = await this.locked(tx, id);
      this.requireOpen(ctx, row);
      if (row.batch_id) {
        throw new Problem(
          409,
          'change-of-batch',
          'It belongs to a file of changes: decide on the whole file.',
        );
      }
      await this.giveBack(tx, row, reason);
      return changeView((await this.changes.find(tx, id)) ?? row);
    });
  }

  /** Applies one submitted change in the caller's transaction. `codes` spares reading them for each of many. */
  async apply(tx: Tx, row: ChangeRow, codes?: RollCodes): Promise<void> {
    await this.documents.lock(tx, row.property_id);
    if (row.kind === 'create') await this.changes.oneAtATime(tx, row.number ?? '');
    const checked = await this.checking.check(tx, intentOf(row), { codes });
    requireSound(checked, row);
    if (row.kind === 'retire') {
      const [open] = await this.changes.open(tx, row.property_id, row.id);
      if (open) {
        const detail = `${open.made_by_login} has a change of this property open: it cannot be retired before.`;
        throw new Problem(409, 'change-open', detail, [], { changeId: open.id });
      }
    }
    const { document } = checked;
    const written = { document, why: row.reason };
    const appliedVersion = await this.documents.write(tx, row.property_id, row.base_version, written);
    await this.changes.decide(tx, row.id, { appliedVersion });
    if (checked.lines.some(({ field }) => field === 'locality')) {
      await this.jobs.add(tx, refreshTerms, { noun: 'locality' });
    }
    await this.record(tx, 'approve', row, { version: appliedVersion });
  }

  async giveBack(tx: Tx, row: ChangeRow, reason: string): Promise<void> {
    await this.changes.decide(tx, row.id, { reason });
    await this.record(tx, 'return', row, { reason });
  }

  /** What was written can be found at once. */
  async refresh(tx: Tx, propertyIds: string[]): Promise<void> {
    for (const noun of ['property', 'owner']) await this.search.refresh(tx, noun, propertyIds);
  }

  private async record(tx: Tx, act: string, row: ChangeRow, more: { version?: number; reason?: string }) {
    const { number, wardNumber, kind, effectiveOn, acts, madeByLogin } = changeView(row);
    const { reason = row.reason, ...rest } = more;
    const after = {
      propertyId: row.property_id,
      number,
      wardNumber,
      kind,
      effectiveOn,
      acts,
      madeByLogin,
      ...rest,
    };
    const entry = { noun: 'property-change', nounId: row.id, after, reason };
    await this.audit.record(tx, { action: `property-change.${act}`, ...entry });
  }

  private async locked(tx: Tx, id: string): Promise<ChangeRow> {
    const row = await this.changes.lock(tx, id);
    if (!row) throw unknownChange(id);
    requireOwnWard(tx.ctx, row.ward_number);
    return row;
  }

  private requireOpen(ctx: Context, row: ChangeRow): void {
    if (row.status !== 'submitted') {
      const by = row.decided_by_login ? ` by ${row.decided_by_login}` : '';
      throw new Problem(
        409,
        'change-decided',
        `The change is ${row.status}${by}: there is nothing to decide.`,
      );
    }
    requireOther(ctx, row);
  }
}

/** Throws a Problem (403) where who would decide made the change himself. */
export function requireOther(
  { actor }: Context,
  row: { made_by: string | null; made_by_login: string },
): void {
  if (!isMaker(row, actor)) return;
  const detail = 'You made this change yourself. Ask another officer to check it: maker is never checker.';
  throw new Problem(403, 'maker-is-checker', detail);
}
