import type { ProblemDetail } from '../../core/problem.js';
import { formatShare, missingShare, parseShare } from '../../core/share.js';
import { holdsFrom, holdsOn, type OwnerState } from './property-document.js';
import type { Operation } from './property-file.schema.js';

/**
 * On every day from `day` on the shares of those who own must make one whole. A property of which no owner is known
 * has none. The fault stands at the last act on owners, and names the first day on which it is so.
 */
export function shareFaults(
  owners: readonly OwnerState[],
  day: string,
  operations: readonly Operation[],
): ProblemDetail[] {
  const later = owners.filter((owner) => holdsFrom(owner, day));
  const starts = later.flatMap(({ from, to }) => [from, to]).filter((each) => each !== null && each > day);
  for (const each of [day, ...[...new Set(starts as string[])].sort()]) {
    const standing = later.filter((owner) => holdsOn(owner, each));
    if (!standing.length) continue;
    const missing = missingShare(standing.map((owner) => parseShare(owner.share) ?? 0n));
    if (missing === 0n) continue;
    const where = `/operations/${operations.findLastIndex((operation) => /owner/.test(operation.do))}/share`;
    const wrong =
      missing > 0n ? `${formatShare(missing)} is missing` : `${formatShare(-missing)} is too much`;
    const shares = standing.map((owner) => `owner ${owner.ownerNo}: ${owner.share}`).join(', ');
    return [{ where, message: `From ${each} on the shares of all owners must make 1; ${wrong} (${shares})` }];
  }
  return [];
}
