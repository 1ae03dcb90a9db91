import { Problem } from '../../core/problem.js';
import type { Context } from '../../platform/database/tx.js';

/** The wards asked for, within those of the actor and in one order; null is the whole municipality. */
export function wardsWithin({ actor }: Context, asked: string[] | null): string[] | null {
  const own = actor.wardNumbers;
  const foreign = asked?.filter((ward) => own && !own.includes(ward)) ?? [];
  if (foreign.length) {
    const faults = foreign.map((ward) => ({ where: 'wardNumbers', value: ward, message: 'not available' }));
    throw new Problem(403, 'ward-not-yours', `Your account is limited to wards ${own?.join(', ')}.`, faults);
  }
  const wards = asked ?? (own ? [...own] : null);
  return wards ? [...new Set(wards)].sort() : null;
}
