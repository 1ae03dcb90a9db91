import type { Points } from './copy.js';

/** Plane geometry in local metres. Rings are counter-clockwise and do not repeat their first point. */

/** Twice the signed area would overflow nothing here: the plain shoelace formula, in square metres. */
export function ringArea({ xs, ys }: Points): number {
  let sum = 0;
  for (let i = 0, j = xs.length - 1; i < xs.length; j = i, i += 1) {
    sum += (xs[j] as number) * (ys[i] as number) - (xs[i] as number) * (ys[j] as number);
  }
  return sum / 2;
}

/** The mean of the corners: close enough to the middle to ask what part of the town a ring lies in. */
export function ringCentre({ xs, ys }: Points): [x: number, y: number] {
  let x = 0;
  let y = 0;
  for (let i = 0; i < xs.length; i += 1) {
    x += xs[i] as number;
    y += ys[i] as number;
  }
  return [x / xs.length, y / xs.length];
}

/**
 * The rectangle of smallest area around a ring: its centre, half its sides, and the direction of the longer
 * one.
 */
export interface Box {
  x: number;
  y: number;
  /** Unit vector along the longer side. */
  dx: number;
  dy: number;
  longM: number;
  shortM: number;
}

/** Tries the direction of each edge, which is where the smallest rectangle lies. */
export function smallestBox({ xs, ys }: Points): Box {
  let best: Box | undefined;
  const n = xs.length;
  for (let i = 0; i < n; i += 1) {
    const next = (i + 1) % n;
    let dx = (xs[next] as number) - (xs[i] as number);
    let dy = (ys[next] as number) - (ys[i] as number);
    const length = Math.sqrt(dx * dx + dy * dy);
    if (length < 1) continue;
    dx /= length;
    dy /= length;
    let lowU = Infinity,
      highU = -Infinity,
      lowV = Infinity,
      highV = -Infinity;
    for (let k = 0; k < n; k += 1) {
      const u = (xs[k] as number) * dx + (ys[k] as number) * dy;
      const v = (ys[k] as number) * dx - (xs[k] as number) * dy;
      if (u < lowU) lowU = u;
      if (u > highU) highU = u;
      if (v < lowV) lowV = v;
      if (v > highV) highV = v;
    }
    const long = highU - lowU;
    const short = highV - lowV;
    if (best && long * short >= best.longM * best.shortM) continue;
    const u = (lowU + highU) / 2;
    const v = (lowV + highV) / 2;
    const turned = short > long;
    best = {
      x: u * dx - v * dy,
      y: u * dy + v * dx,
      dx: turned ? -dy : dx,
      dy: turned ? dx : dy,
      longM: Math.max(long, short),
      shortM: Math.min(long, short),
    };
  }
  return best ?? { x: xs[0] ?? 0, y: ys[0] ?? 0, dx: 1, dy: 0, longM: 0, shortM: 0 };
}

/** True where the open segments a-b and c-d cross. */
export function segmentsCross(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  cx: number,
  cy: number,
  dx: number,
  dy: number,
): boolean {
  const side = (px: number, py: number, qx: number, qy: number, rx: number, ry: number) =>
    (qx - px) * (ry - py) - (qy - py) * (rx - px);
  const c = side(ax, ay, bx, by, cx, cy);
  const d = side(ax, ay, bx, by, dx, dy);
  if (c > 0 === d > 0) return false;
  return side(cx, cy, dx, dy, ax, ay) > 0 !== side(cx, cy, dx, dy, bx, by) > 0;
}

/** True where no two edges of the ring cross. For small rings: it compares every pair. */
export function isSimple({ xs, ys }: Points): boolean {
  const n = xs.length;
  for (let i = 0; i < n; i += 1) {
    for (let j = i + 2; j < n; j += 1) {
      if (i === 0 && j === n - 1) continue;
      const k = (j + 1) % n;
      if (
        segmentsCross(
          xs[i] as number,
          ys[i] as number,
          xs[i + 1] as number,
          ys[i + 1] as number,
          xs[j] as number,
          ys[j] as number,
          xs[k] as number,
          ys[k] as number,
        )
      ) {
        return false;
      }
    }
  }
  return true;
}

/** True where the point lies inside the ring. */
export function contains({ xs, ys }: Points, x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, j = xs.length - 1; i < xs.length; j = i, i += 1) {
    const yi = ys[i] as number;
    const yj = ys[j] as number;
    if (yi > y === yj > y) continue;
    if (x < (((xs[j] as number) - (xs[i] as number)) * (y - yi)) / (yj - yi) + (xs[i] as number))
      inside = !inside;
  }
  return inside;
}

/** How far a point may lie beside the line through its neighbours to count as lying on it. */
const hairM = 0.002;

/**
 * A ring without points at which it turns back on itself: a spike of no width, whose sides the rounding of coordinates
 * would make cross. The very ring where it has none.
 */
export function withoutSpikes(ring: Points): Points {
  const { xs, ys } = ring;
  const size = xs.length;
  const keep = xs.map((x, i) => {
    const [before, after] = [(i + size - 1) % size, (i + 1) % size];
    const [ax, ay] = [(xs[before] as number) - x, (ys[before] as number) - (ys[i] as number)];
    const [bx, by] = [(xs[after] as number) - x, (ys[after] as number) - (ys[i] as number)];
    const turnsBack = ax * bx + ay * by > 0;
    return !(
      turnsBack && Math.abs(ax * by - ay * bx) <= hairM * Math.max(Math.hypot(ax, ay), Math.hypot(bx, by))
    );
  });
  if (keep.every(Boolean)) return ring;
  return { xs: xs.filter((_, i) => keep[i]), ys: ys.filter((_, i) => keep[i]) };
}
