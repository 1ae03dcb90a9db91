/** A file's time as whole numbers: first calendar years of financial years, or days since 1970. Null: no end yet. */
export interface Span {
  sha256: string;
  from: number;
  to: number | null;
}

export type Succession =
  | { kind: 'first' | 'joins' }
  /** The open end of `file` closes at `lastOf`; the new file goes on from there. */
  | { kind: 'supersedes'; file: Span; lastOf: number }
  /** The new file takes the whole time of `file`. */
  | { kind: 'replaces'; file: Span }
  | { kind: 'overlaps'; file: Span }
  /** Between the new file and its neighbour `file` nothing would apply. */
  | { kind: 'gap'; file: Span; from: number; to: number };

/**
 * What installing a file means for those of its kind: it is the first, joins one end to end, closes an open-ended one
 * that began earlier, takes the place of one that began on the same day, or would leave an overlap or a gap.
 */
export function succession(installed: readonly Span[], next: Omit<Span, 'sha256'>): Succession {
  const sorted = [...installed].sort((a, b) => a.from - b.from);
  const touched = sorted.filter((file) => meet(file, next));
  const [only] = touched;
  if (touched.length > 1 && only) return { kind: 'overlaps', file: touched[1] ?? only };
  if (only) {
    const reaches = next.to === null || (only.to !== null && next.to >= only.to);
    if (next.from === only.from && reaches) return { kind: 'replaces', file: only };
    if (next.from > only.from && only.to === null)
      return { kind: 'supersedes', file: only, lastOf: next.from - 1 };
    return { kind: 'overlaps', file: only };
  }
  if (!sorted.length) return { kind: 'first' };
  return gapOf(sorted, next) ?? { kind: 'joins' };
}

function meet(a: Omit<Span, 'sha256'>, b: Omit<Span, 'sha256'>): boolean {
  return a.from <= (b.to ?? Infinity) && b.from <= (a.to ?? Infinity);
}

function gapOf(sorted: readonly Span[], next: Omit<Span, 'sha256'>): Succession | null {
  const before = sorted.findLast((file) => file.from < next.from);
  if (before?.to != null && before.to + 1 < next.from)
    return { kind: 'gap', file: before, from: before.to + 1, to: next.from - 1 };
  const after = sorted.find((file) => file.from > next.from);
  if (after && next.to !== null && next.to + 1 < after.from)
    return { kind: 'gap', file: after, from: next.to + 1, to: after.from - 1 };
  return null;
}

const dayMs = 86_400_000;

/** Days since 1970 of a calendar day `YYYY-MM-DD`. */
export const dayNumber = (day: string): number => Date.parse(`${day}T00:00:00Z`) / dayMs;

/** The calendar day of a number of days since 1970. */
export const dayOfNumber = (days: number): string => new Date(days * dayMs).toISOString().slice(0, 10);
