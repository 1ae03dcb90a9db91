import { Problem } from '../core/problem.js';
import type { Context } from '../platform/database/tx.js';

/** Persons are seen, masked, by who may read owners; whoever is bound to wards sees those of these wards only. */
export function seesPersons({ actor }: Context, wardNumber: string | null): boolean {
  if (!actor.permissions.has('owners:read')) return false;
  return isOwnWard(actor.wardNumbers, wardNumber);
}

/** Throws a Problem (403) where a person is bound to wards and the property lies in another. */
export function requireOwnWard({ actor }: Context, wardNumber: string | null): void {
  if (isOwnWard(actor.wardNumbers, wardNumber)) return;
  const detail = `The property lies in ward ${wardNumber ?? '(none)'}, which is not one of yours.`;
  throw new Problem(403, 'ward-not-yours', detail);
}

function isOwnWard(own: readonly string[] | null, wardNumber: string | null): boolean {
  return own === null || (wardNumber !== null && own.includes(wardNumber));
}
