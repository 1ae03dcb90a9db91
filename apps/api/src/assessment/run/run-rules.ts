import { formatFinancialYear } from '../../core/period.js';
import { Problem } from '../../core/problem.js';
import type { Context } from '../../platform/database/tx.js';
import type { RunRow } from '../assessment.repository.js';

/** Whoever is bound to wards changes only runs that lie within them. */
export function refuseForeignWards({ actor }: Context, wardNumbers: string[] | null): void {
  const own = actor.wardNumbers;
  if (own === null) return;
  const foreign = (wardNumbers ?? ['all']).filter((ward) => !own.includes(ward));
  if (!foreign.length) return;
  const detail = `The run goes beyond your wards (${own.join(', ')}). Ask who may see the whole municipality.`;
  throw new Problem(403, 'ward-not-yours', detail, wardFaults(foreign));
}

export function wardFaults(wards: string[]) {
  return wards.map((ward) => ({ where: 'wardNumbers', value: ward, message: 'not available' }));
}

/** Where a run stands and what comes next, as a sentence. */
export function stateOf(run: Pick<RunRow, 'status' | 'published_by_login' | 'created_by_login'>): string {
  const sentences: Record<RunRow['status'], string> = {
    pending: 'it waits for a worker. Wait until it is computed.',
    running: 'it is being computed. Wait until it is done.',
    computed: `it is computed and waits for somebody other than ${run.created_by_login} to publish or withdraw it.`,
    publishing: `${run.published_by_login} has asked for its publication, which goes on.`,
    published: `${run.published_by_login} has published it. A later change is a new run or a revision.`,
    withdrawn: 'it was withdrawn. Start a new run.',
    failed: 'it failed. Resume it, or start a new run.',
    cancelled: 'it was cancelled. Resume it, or start a new run.',
  };
  return sentences[run.status];
}

/** Why another run of the year cannot be started: names the open one. */
export function runOpen(fy: number, open: RunRow | null): Problem {
  const what = open?.property_number ? `A revision of property ${open.property_number}` : 'A run';
  const by = open ? ` by ${open.created_by_login} is open: ${stateOf(open)}` : ' is open.';
  const detail =
    `${what} for ${formatFinancialYear(fy)}${by} One is worked at a time, so that no demand is counted ` +
    'twice: publish it, withdraw it or cancel it first.';
  return new Problem(409, 'run-open', detail, [
    { where: 'fy', value: formatFinancialYear(fy), message: open ? `open run ${open.id}` : 'open run' },
  ]);
}
