import type { Context } from '../../platform/database/tx.js';
import { seesPersons } from '../persons.js';
import type { Checked } from './change-check.js';
import { maskedLines, maskedOperations } from './masked.js';
import type { ChangeRow } from './property-file.repository.js';

/** Why somebody may not decide on a change; null where he may. */
export type Hindrance =
  'not-submitted' | 'own' | 'permission' | 'ward' | 'batch' | 'changed' | 'faulty' | null;

export function hindranceOf({ actor }: Context, row: ChangeRow, checked: Checked | null): Hindrance {
  if (row.status !== 'submitted') return 'not-submitted';
  if (!actor.permissions.has('properties:approve')) return 'permission';
  if (isMaker(row, actor)) return 'own';
  if (actor.wardNumbers !== null && !actor.wardNumbers.includes(row.ward_number ?? '')) return 'ward';
  if (row.batch_id) return 'batch';
  if (checked?.changedSince) return 'changed';
  return checked?.faults.length ? 'faulty' : null;
}

export function isMaker(row: Pick<ChangeRow, 'made_by' | 'made_by_login'>, actor: Context['actor']): boolean {
  return row.made_by_login === actor.login || (row.made_by !== null && row.made_by === actor.id);
}

/** A change as the queue lists it: who, what kind, since when; no person. */
export function changeView(row: ChangeRow) {
  const acts: Record<string, number> = {};
  for (const operation of row.operations) acts[operation.do] = (acts[operation.do] ?? 0) + 1;
  return {
    id: row.id,
    propertyId: row.property_id,
    batchId: row.batch_id,
    kind: row.kind,
    status: row.status,
    number: row.number,
    wardNumber: row.ward_number,
    baseVersion: row.base_version,
    effectiveOn: row.effective_on,
    document: row.document,
    reason: row.reason,
    acts,
    madeByLogin: row.made_by_login,
    madeAt: row.made_at,
    submittedAt: row.submitted_at,
    decidedByLogin: row.decided_by_login,
    decidedAt: row.decided_at,
    decisionReason: row.decision_reason,
    appliedVersion: row.applied_version,
  };
}

/** A change with all that it would do. Its maker reads what he wrote while it is his to mend; others see it masked. */
export function changeDetail(ctx: Context, row: ChangeRow, checked: Checked | null) {
  const seen = seesPersons(ctx, row.ward_number);
  const own = isMaker(row, ctx.actor) && (row.status === 'draft' || row.status === 'returned');
  return {
    ...changeView(row),
    operations: own ? row.operations : maskedOperations(row.operations, seen),
    ownersHidden: !seen && !own,
    ...(checked ? checkView(checked, seen) : { faults: [], warnings: [], lines: [], changedSince: null }),
    hindrance: hindranceOf(ctx, row, checked),
    mine: isMaker(row, ctx.actor),
  };
}

export function checkView(checked: Checked, personsSeen: boolean) {
  return {
    faults: checked.faults,
    warnings: checked.warnings,
    lines: maskedLines(checked.lines, personsSeen),
    changedSince: checked.changedSince && maskedLines(checked.changedSince, personsSeen),
  };
}
