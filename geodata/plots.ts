import type { Block, Side } from './blocks.js';
import { sidesOf } from './blocks.js';
import type { Points } from './copy.js';
import { ringArea } from './plane.js';
import type { Random } from './random.js';
import type { Street } from './streets.js';
import type { Style } from './styles.js';

/**
 * One parcel before it has a number. `quad` is front left, front right, rear right, rear left: x and y in
 * turn.
 */
export interface Plot extends Points {
  quad: number[] | null;
  areaM2: number;
  street: Street;
  /** Stands at the end of a row: at a crossing. */
  isCorner: boolean;
}

/** Places along the two long sides of a block, as shares of their length, with the points there. */
interface Cuts extends Points {
  at: number[];
}

/**
 * Fills a block with plots: one row, or two rows back to back. Each point is computed once and used by every
 * plot that has it, so that neighbours share their corners to the last bit and nothing overlaps or is left
 * over.
 */
export function plotsOf(block: Block, style: Style, random: Random): Plot[] {
  const whole: Plot = {
    xs: block.xs,
    ys: block.ys,
    quad: null,
    areaM2: ringArea(block),
    street: block.via[0] as Street,
    isCorner: true,
  };
  const sides = sidesOf(block);
  if (!sides) return [whole];
  const [front, right, back, left] = sides;
  // A block of four corners loses what its short sides bulge: street land.
  const quad = { xs: [...front.xs, ...back.xs], ys: [...front.ys, ...back.ys] };
  if (ringArea(quad) < whole.areaM2 * 0.8) return [whole];
  if (bendsInwards(right) || bendsInwards(left)) return [whole];
  const depth = (right.lengthM + left.lengthM) / 2;
  const rear: Side = { ...back, xs: back.xs.toReversed(), ys: back.ys.toReversed() };
  const plots =
    depth < style.depthM * 1.45 ? oneRow(front, rear, style, random) : twoRows(front, rear, style, random);
  if (plots) return plots;
  whole.quad = front.xs.length === 2 && back.xs.length === 2 ? corners(quad) : null;
  return whole.quad ? [{ ...whole, ...quad, areaM2: ringArea(quad) }] : [whole];
}

/**
 * Rows end on the straight line between two corners; a short side that bends inwards would leave the last
 * plot outside.
 */
function bendsInwards({ xs, ys }: Side): boolean {
  const last = xs.length - 1;
  const [ax, ay] = [xs[0] as number, ys[0] as number];
  const [dx, dy] = [(xs[last] as number) - ax, (ys[last] as number) - ay];
  return xs.some((x, i) => dx * ((ys[i] as number) - ay) - dy * (x - ax) > 0.01 * Math.hypot(dx, dy));
}

function corners({ xs, ys }: Points): number[] {
  return [0, 1, 2, 3].flatMap((i) => [xs[i] as number, ys[i] as number]);
}

function oneRow(front: Side, rear: Side, style: Style, random: Random): Plot[] | null {
  const cuts = cutSide(front, style, random);
  const ends = along(rear, withBends(cuts.at, rear));
  return row(cuts, ends, front.street);
}

function twoRows(front: Side, rear: Side, style: Style, random: Random): Plot[] | null {
  const first = cutSide(front, style, random);
  const second = cutSide(rear, style, random);
  const at = merge(first.at, second.at);
  const a = along(front, at);
  const b = along(rear, at);
  const middle: Cuts = { at, xs: [], ys: [] };
  const base = 0.5 + random.between(-0.03, 0.03);
  for (let i = 0; i < at.length; i += 1) {
    const share = base + (style.wander ? random.between(-style.wander, style.wander) / 2 : 0);
    middle.xs.push((a.xs[i] as number) + share * ((b.xs[i] as number) - (a.xs[i] as number)));
    middle.ys.push((a.ys[i] as number) + share * ((b.ys[i] as number) - (a.ys[i] as number)));
  }
  const near = row(first, middle, front.street);
  const far = near && row(reversed(second), reversed(middle), rear.street);
  return near && far && [...near, ...far];
}

function reversed({ at, xs, ys }: Cuts): Cuts {
  return { at: at.map((share) => 1 - share).reverse(), xs: xs.toReversed(), ys: ys.toReversed() };
}

/** Sorted union; places nearer than a hair are one. */
function merge(one: number[], other: number[]): number[] {
  const all = [...one, ...other].sort((a, b) => a - b);
  return all.filter((share, i) => i === 0 || share - (all[i - 1] as number) > 1e-9);
}

/** Cuts a side into fronts: at each of its bends, and between them into widths near the style's. */
function cutSide(side: Side, style: Style, random: Random): Cuts {
  const at = [0];
  const bends = bendsOf(side);
  for (let b = 1; b < bends.length; b += 1) {
    const from = bends[b - 1] as number;
    const span = (bends[b] as number) - from;
    const widths: number[] = [];
    const wanted = span * side.lengthM;
    for (let sum = 0; sum + style.frontM * 0.45 < wanted || widths.length === 0;) {
      const luck = random.next();
      const factor = luck < 0.72 ? 1 : luck < 0.86 ? 1.5 : luck < 0.97 ? 0.75 : 3;
      const width = style.frontM * factor * random.between(0.92, 1.08);
      widths.push(width);
      sum += width;
    }
    const total = widths.reduce((sum, width) => sum + width, 0);
    let sum = 0;
    for (let i = 0; i < widths.length - 1; i += 1) {
      sum += widths[i] as number;
      at.push(from + (span * sum) / total);
    }
    at.push(bends[b] as number);
  }
  return along(side, at);
}

/** The bends of a side as shares of its length, 0 and 1 included. */
function bendsOf(side: Side): number[] {
  const at = [0];
  let sum = 0;
  for (let i = 1; i < side.xs.length - 1; i += 1) {
    sum += Math.hypot(
      (side.xs[i] as number) - (side.xs[i - 1] as number),
      (side.ys[i] as number) - (side.ys[i - 1] as number),
    );
    at.push(sum / side.lengthM);
  }
  at.push(1);
  return at;
}

function withBends(at: number[], side: Side): number[] {
  return merge(at, bendsOf(side));
}

/** The points of a side at sorted shares of its length. */
function along(side: Side, at: number[]): Cuts {
  const bends = bendsOf(side);
  const cuts: Cuts = { at, xs: [], ys: [] };
  let i = 1;
  for (const share of at) {
    while (i < bends.length - 1 && (bends[i] as number) < share) i += 1;
    const from = bends[i - 1] as number;
    const t = (share - from) / ((bends[i] as number) - from);
    const x = side.xs[i - 1] as number;
    const y = side.ys[i - 1] as number;
    cuts.xs.push(t >= 1 ? (side.xs[i] as number) : x + t * ((side.xs[i] as number) - x));
    cuts.ys.push(t >= 1 ? (side.ys[i] as number) : y + t * ((side.ys[i] as number) - y));
  }
  return cuts;
}

/**
 * The plots between a front and a rear line, which has every cut of the front and may have more points. Null
 * where one of them would be folded: then the block stays whole.
 */
function row(front: Cuts, rear: Cuts, street: Street): Plot[] | null {
  const plots: Plot[] = [];
  let r = 0;
  const n = front.at.length;
  for (let i = 1; i < n; i += 1) {
    const from = r;
    while (r < rear.at.length - 1 && (rear.at[r] as number) < (front.at[i] as number) - 1e-9) r += 1;
    const quad = [
      front.xs[i - 1] as number,
      front.ys[i - 1] as number,
      front.xs[i] as number,
      front.ys[i] as number,
      rear.xs[r] as number,
      rear.ys[r] as number,
      rear.xs[from] as number,
      rear.ys[from] as number,
    ];
    if (!isConvex(quad)) return null;
    const xs = [quad[0] as number, quad[2] as number];
    const ys = [quad[1] as number, quad[3] as number];
    for (let k = r; k >= from; k -= 1) {
      xs.push(rear.xs[k] as number);
      ys.push(rear.ys[k] as number);
    }
    const areaM2 = ringArea({ xs, ys });
    if (areaM2 < 6) return null;
    plots.push({ xs, ys, quad, areaM2, street, isCorner: i === 1 || i === n - 1 });
  }
  return plots;
}

function isConvex(quad: number[]): boolean {
  for (let i = 0; i < 8; i += 2) {
    const ax = quad[i] as number;
    const ay = quad[i + 1] as number;
    const bx = quad[(i + 2) % 8] as number;
    const by = quad[(i + 3) % 8] as number;
    const cx = quad[(i + 4) % 8] as number;
    const cy = quad[(i + 5) % 8] as number;
    if ((bx - ax) * (cy - by) - (by - ay) * (cx - bx) <= 0.05) return false;
  }
  return true;
}
