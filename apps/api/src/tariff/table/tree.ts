import { compare, formatDecimal, type Decimal } from '../language/decimal.js';
import type { Interval } from '../language/interval.js';
import type { Cell, Key, Range, Report, Row } from './table.js';

/**
 * Which row answers: first asked by the first key, then by the next. Built only when exactly one answers
 * everywhere.
 */
export type Tree =
  | { readonly kind: 'row'; readonly index: number }
  | { readonly kind: 'codes'; readonly key: number; readonly branches: readonly CodesBranch[] }
  | { readonly kind: 'ranges'; readonly key: number; readonly branches: readonly RangeBranch[] };

interface CodesBranch {
  readonly codes: readonly string[];
  readonly tree: Tree;
}

interface RangeBranch {
  readonly range: Range;
  readonly tree: Tree;
}

/** More leaves than this mean a table that should be two. */
const MOST_BRANCHES = 20_000;

interface Build {
  readonly keys: readonly Key[];
  readonly rows: readonly Row[];
  readonly upperInclusive: boolean;
  readonly report: Report;
  branches: number;
  failed: boolean;
}

/**
 * Proves that every combination of the keys' domains has exactly one row, and returns the decisions that find
 * it. Reports the first combination without a row (gap) or with two (overlap) and returns null.
 */
export function buildTree(
  keys: readonly Key[],
  rows: readonly Row[],
  upperInclusive: boolean,
  report: Report,
): Tree | null {
  const build: Build = { keys, rows, upperInclusive, report, branches: 0, failed: false };
  const tree = decide(
    build,
    0,
    rows.map((_, i) => i),
    [],
  );
  return build.failed ? null : tree;
}

function decide(
  build: Build,
  depth: number,
  candidates: readonly number[],
  at: readonly string[],
): Tree | null {
  if (build.failed) return null;
  build.branches += 1;
  if (build.branches > MOST_BRANCHES) {
    const value = `more than ${MOST_BRANCHES}`;
    return stop(
      build,
      ['rows'],
      'too_large',
      value,
      'The table has too many combinations.',
      'Split it in two.',
    );
  }
  const key = build.keys[depth];
  if (!key) return decideRow(build, candidates, at);
  if (candidates.length === 0) return decideRow(build, candidates, at);
  return key.how === 'exact'
    ? decideCodes(build, depth, candidates, at)
    : decideRanges(build, depth, candidates, at);
}

function stop(build: Build, ...fault: Parameters<Report>): null {
  build.report(...fault);
  build.failed = true;
  return null;
}

function decideRow(build: Build, candidates: readonly number[], at: readonly string[]): Tree | null {
  const where = at.join(', ') || 'any value';
  const [index, second] = candidates;
  if (index === undefined) {
    return stop(
      build,
      ['rows'],
      'gap',
      where,
      `No row answers ${where}.`,
      'Add a row, or correct the domain.',
    );
  }
  if (second !== undefined) {
    const message = `Rows ${index + 1} and ${second + 1} both answer ${where}.`;
    return stop(build, ['rows', second], 'overlap', where, message, 'Remove one, or narrow it.');
  }
  return { kind: 'row', index };
}

function decideCodes(
  build: Build,
  depth: number,
  candidates: readonly number[],
  at: readonly string[],
): Tree | null {
  const key = build.keys[depth]!;
  const groups = new Map<string, { codes: string[]; rows: number[] }>();
  for (const code of key.type.kind === 'code' ? key.type.codes : []) {
    const rows = candidates.filter((i) => hasCode(build.rows[i]!.cells[depth]!, code));
    const group = groups.get(rows.join()) ?? { codes: [], rows };
    group.codes.push(code);
    groups.set(rows.join(), group);
  }
  const branches: CodesBranch[] = [];
  for (const { codes, rows } of groups.values()) {
    const tree = decide(build, depth + 1, rows, [...at, `${key.name} = ${codes[0]}`]);
    if (!tree) return null;
    branches.push({ codes, tree });
  }
  return branches.length === 1 ? branches[0]!.tree : { kind: 'codes', key: depth, branches };
}

function hasCode(cell: Cell, code: string): boolean {
  return 'any' in cell || ('codes' in cell && cell.codes.has(code));
}

function decideRanges(
  build: Build,
  depth: number,
  candidates: readonly number[],
  at: readonly string[],
): Tree | null {
  const key = build.keys[depth]!;
  const ranges = candidates.map((i) => build.rows[i]!.cells[depth] as Range);
  const domain = key.type.kind === 'number' ? key.type.range : { min: null, max: null };
  const branches: (RangeBranch & { rows: string })[] = [];
  for (const range of elementary(ranges)) {
    if (!meets(range, domain, build.upperInclusive)) continue;
    const rows = candidates.filter((_, i) => within(range, ranges[i]!));
    const last = branches.at(-1);
    if (last && last.rows === rows.join()) {
      branches[branches.length - 1] = { ...last, range: { from: last.range.from, to: range.to } };
      continue;
    }
    const tree = decide(build, depth + 1, rows, [...at, `${key.name} = ${describe(range)}`]);
    if (!tree) return null;
    branches.push({ range, rows: rows.join(), tree });
  }
  return { kind: 'ranges', key: depth, branches };
}

/** The line of numbers cut at every bound of the rows. */
function elementary(ranges: readonly Range[]): Range[] {
  const bounds = ranges.flatMap((range) => [range.from, range.to]).filter((bound) => bound !== null);
  const sorted = bounds.sort(compare).filter((bound, i, all) => i === 0 || compare(all[i - 1]!, bound) !== 0);
  const cuts: (Decimal | null)[] = [null, ...sorted, null];
  return cuts.slice(1).map((to, i) => ({ from: cuts[i]!, to }));
}

function within(inner: Range, outer: Range): boolean {
  const low = outer.from === null || (inner.from !== null && compare(outer.from, inner.from) <= 0);
  const high = outer.to === null || (inner.to !== null && compare(outer.to, inner.to) >= 0);
  return low && high;
}

/** Whether the half-open range holds a value of the (closed) domain. */
function meets(range: Range, domain: Interval, upperInclusive: boolean): boolean {
  const above = range.to === null || domain.min === null ? 1 : compare(range.to, domain.min);
  const below = range.from === null || domain.max === null ? -1 : compare(range.from, domain.max);
  return upperInclusive ? above >= 0 && below < 0 : above > 0 && below <= 0;
}

function describe(range: Range): string {
  return `${range.from ? formatDecimal(range.from) : ''}..${range.to ? formatDecimal(range.to) : ''}`;
}
