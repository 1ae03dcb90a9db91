import type { Points } from './copy.js';
import { contains, isSimple, ringArea } from './plane.js';
import type { Face, Street } from './streets.js';

/** The land between streets: what is left of a face when each street has taken its width. */
export interface Block extends Points {
  via: Street[];
}

/**
 * A side of a block between two corners: its points, both corners included, and the street that most of it
 * faces.
 */
export interface Side extends Points {
  street: Street;
  lengthM: number;
}

/**
 * Moves each edge of the face inwards by half of its street's width. Edges that vanish are left out. Null
 * where nothing usable is left: then the land stays open.
 */
export function blockOf(face: Face): Block | null {
  return shrink(face, true) ?? shrink(face, false);
}

function shrink(face: Face, drawOn: boolean): Block | null {
  let { xs, ys, via } = straighten(face);
  for (let round = 0; round < 6 && xs.length >= 3; round += 1) {
    const inner = inset(xs, ys, via);
    const gone = firstReversed(xs, ys, inner);
    if (gone < 0) return isUsable(inner, face) ? { ...inner, via } : null;
    ({ xs, ys, via } = withoutEdge(xs, ys, via, gone, drawOn));
  }
  return null;
}

/** Not a sliver, not folded, and within the streets around it. */
function isUsable(inner: Points, face: Face): boolean {
  if (ringArea(inner) <= 60 || !isSimple(inner)) return false;
  return inner.xs.every((x, i) => contains(face, x, inner.ys[i] as number));
}

/**
 * Leaves out points of a street at which it hardly turns, so that a front is one straight line. No point
 * that was left out lies further than this from the line that stands for it.
 */
const straightWithinM = 0.9;

function straighten({ xs, ys, via }: Face): { xs: number[]; ys: number[]; via: Street[] } {
  const n = xs.length;
  const kept = xs.map((_, i) => i);
  for (let k = 0; k < kept.length && kept.length > 3;) {
    const before = kept[(k + kept.length - 1) % kept.length] as number;
    const after = kept[(k + 1) % kept.length] as number;
    const here = kept[k] as number;
    if (via[before] === via[here] && isStraight({ xs, ys }, before, after, n)) kept.splice(k, 1);
    else k += 1;
  }
  const at = <T>(list: T[]) => kept.map((i) => list[i] as T);
  return { xs: at(xs), ys: at(ys), via: at(via) };
}

function isStraight({ xs, ys }: Points, from: number, to: number, n: number): boolean {
  const [ax, ay] = [xs[from] as number, ys[from] as number];
  const [dx, dy] = [(xs[to] as number) - ax, (ys[to] as number) - ay];
  const length = Math.sqrt(dx * dx + dy * dy);
  for (let i = (from + 1) % n; i !== to; i = (i + 1) % n) {
    const off = Math.abs(((xs[i] as number) - ax) * dy - ((ys[i] as number) - ay) * dx);
    if (off >= straightWithinM * length) return false;
  }
  return true;
}

function inset(xs: number[], ys: number[], via: Street[]): Points {
  const n = xs.length;
  const result: Points = { xs: new Array<number>(n), ys: new Array<number>(n) };
  for (let i = 0; i < n; i += 1) {
    const p = (i + n - 1) % n;
    const q = (i + 1) % n;
    const [ux, uy] = unit(xs, ys, p, i);
    const [vx, vy] = unit(xs, ys, i, q);
    const first = (via[p] as Street).halfWidthM;
    const second = (via[i] as Street).halfWidthM;
    const cross = ux * vy - uy * vx;
    if (Math.abs(cross) < 0.05) {
      const wide = Math.max(first, second);
      result.xs[i] = (xs[i] as number) - vy * wide;
      result.ys[i] = (ys[i] as number) + vx * wide;
    } else {
      // The two lines moved inwards meet at: point + (first * v - second * u) / cross, by solving for both
      // offsets.
      result.xs[i] = (xs[i] as number) + (first * vx - second * ux) / cross;
      result.ys[i] = (ys[i] as number) + (first * vy - second * uy) / cross;
    }
  }
  return result;
}

function unit(xs: number[], ys: number[], i: number, j: number): [number, number] {
  const dx = (xs[j] as number) - (xs[i] as number);
  const dy = (ys[j] as number) - (ys[i] as number);
  const length = Math.sqrt(dx * dx + dy * dy) || 1;
  return [dx / length, dy / length];
}

/** The first edge that runs the other way after the inset, or is shorter than half a metre; -1 for none. */
function firstReversed(xs: number[], ys: number[], inner: Points): number {
  const n = xs.length;
  for (let i = 0; i < n; i += 1) {
    const q = (i + 1) % n;
    const dx = (inner.xs[q] as number) - (inner.xs[i] as number);
    const dy = (inner.ys[q] as number) - (inner.ys[i] as number);
    const [ux, uy] = unit(xs, ys, i, q);
    if (dx * ux + dy * uy < 0.5) return i;
  }
  return -1;
}

/**
 * Takes edge i out: its neighbours are drawn on until they meet, or its ends become one point in its middle.
 */
function withoutEdge(
  xs: number[],
  ys: number[],
  via: Street[],
  i: number,
  drawOn: boolean,
): { xs: number[]; ys: number[]; via: Street[] } {
  const n = xs.length;
  const q = (i + 1) % n;
  const [ux, uy] = unit(xs, ys, (i + n - 1) % n, i);
  const [vx, vy] = unit(xs, ys, q, (i + 2) % n);
  const cross = drawOn ? ux * vy - uy * vx : 0;
  const gx = (xs[q] as number) - (xs[i] as number);
  const gy = (ys[q] as number) - (ys[i] as number);
  const reach = cross > 0.2 ? (gx * vy - gy * vx) / cross : 0;
  const x = cross > 0.2 ? (xs[i] as number) + reach * ux : (xs[i] as number) + gx / 2;
  const y = cross > 0.2 ? (ys[i] as number) + reach * uy : (ys[i] as number) + gy / 2;
  const newXs = xs.slice();
  const newYs = ys.slice();
  newXs[q] = x;
  newYs[q] = y;
  return { xs: newXs.toSpliced(i, 1), ys: newYs.toSpliced(i, 1), via: via.toSpliced(i, 1) };
}

/**
 * The four sides of a block, counter-clockwise, the first and the third being the longer pair. Null where
 * the block has not four corners: a triangle, or a crescent.
 */
export function sidesOf(block: Block): [Side, Side, Side, Side] | null {
  const { xs, ys, via } = block;
  const n = xs.length;
  const turns: { i: number; turn: number }[] = [];
  for (let i = 0; i < n; i += 1) {
    const [ux, uy] = unit(xs, ys, (i + n - 1) % n, i);
    const [vx, vy] = unit(xs, ys, i, (i + 1) % n);
    const turn = ux * vx + uy * vy > 0 ? ux * vy - uy * vx : 2 - (ux * vy - uy * vx);
    turns.push({ i, turn });
  }
  turns.sort((one, other) => other.turn - one.turn || one.i - other.i);
  const corners = turns.slice(0, 4);
  if (corners.length < 4 || (corners[3]?.turn ?? 0) < 0.42) return null;
  const at = corners.map((corner) => corner.i).sort((one, other) => one - other);
  const sides = at.map((from, k) => side(xs, ys, via, from, at[(k + 1) % 4] as number)) as [
    Side,
    Side,
    Side,
    Side,
  ];
  const [a, b, c, d] = sides;
  return a.lengthM + c.lengthM >= b.lengthM + d.lengthM ? [a, b, c, d] : [b, c, d, a];
}

function side(xs: number[], ys: number[], via: Street[], from: number, to: number): Side {
  const n = xs.length;
  const result: Side = {
    xs: [xs[from] as number],
    ys: [ys[from] as number],
    street: via[from] as Street,
    lengthM: 0,
  };
  let longest = 0;
  for (let i = from; i !== to; i = (i + 1) % n) {
    const q = (i + 1) % n;
    const length = Math.hypot((xs[q] as number) - (xs[i] as number), (ys[q] as number) - (ys[i] as number));
    result.xs.push(xs[q] as number);
    result.ys.push(ys[q] as number);
    result.lengthM += length;
    if (length > longest) {
      longest = length;
      result.street = via[i] as Street;
    }
  }
  return result;
}
