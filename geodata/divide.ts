import { segmentsCross, smallestBox, type Box } from './plane.js';
import type { Random } from './random.js';
import { Street, type Divider, type Face } from './streets.js';

/** How to cut a face in two. */
export interface Cut {
  divider: Divider;
  halfWidthM: number;
  /** Sideways swing of the line, as a share of its length. */
  swing: number;
  /** How far from square to the longer side it may run, in radians. */
  slant: number;
  /**
   * A junction on the far side of the street, this near, is met: a crossroads instead of a staggered pair.
   */
  snapM: number;
  /** Nearer than this to a corner no street may end. */
  cornerM: number;
  /** Size of the pieces wanted; the cut falls on a whole number of pieces. Absent: near the middle. */
  pieceM?: number;
  /** Cut along the longer side instead of across it. */
  lengthwise?: boolean;
  /** Begin at this place on the wall of the face: a bridge. */
  from?: { edge: number; x: number; y: number };
}

interface Place {
  x: number;
  y: number;
}

interface End extends Place {
  edge: number;
  /** The end stands on the face's own point `edge`, not within the edge. */
  onPoint: boolean;
}

/**
 * Numbers of streets and nodes as they come into being. `node` is told where, so that a row can be written
 * at once.
 */
export interface Register {
  street(): number;
  node(x: number, y: number): number;
  named(street: Street): void;
}

/**
 * Cuts the face by a new street, or gives null where no decent cut was found in a few attempts. The two new
 * faces and the old streets know of the new one.
 */
export function divide(
  face: Face,
  cut: Cut,
  random: Random,
  register: Register,
): [Face, Face, Street] | null {
  const box = smallestBox(face);
  for (let attempt = 0; attempt < 12; attempt += 1) {
    const ends = findEnds(face, cut, box, random, attempt);
    if (!ends) continue;
    const line = swing(ends, attempt < 6 ? cut.swing : 0, random);
    if (!isClear(face, ends, line)) continue;
    return lay(face, ends, line, cut, register);
  }
  return null;
}

function findEnds(face: Face, cut: Cut, box: Box, random: Random, attempt: number): [End, End] | null {
  // Where no cut of the wanted direction is found, one square to it may be: better an odd street than none.
  const lengthwise = attempt < 7 ? cut.lengthwise : !cut.lengthwise;
  const long = lengthwise ? box.shortM : box.longM;
  const [dx, dy] = lengthwise ? [-box.dy, box.dx] : [box.dx, box.dy];
  let share = 0.5;
  const pieces = cut.pieceM ? Math.round(long / cut.pieceM) : 0;
  if (pieces >= 2) share = (Math.floor(pieces / 2) + (pieces % 2 && random.chance(0.5) ? 1 : 0)) / pieces;
  share += random.between(-1, 1) * (pieces ? 0.02 : 0.09) * (1 + attempt * 0.7);
  const slant = random.between(-cut.slant, cut.slant) + (attempt > 3 ? random.between(-0.3, 0.3) : 0);
  const ux = -dy * Math.cos(slant) - dx * Math.sin(slant);
  const uy = dx * Math.cos(slant) - dy * Math.sin(slant);
  const px = box.x + dx * long * (share - 0.5);
  const py = box.y + dy * long * (share - 0.5);
  const { from } = cut;
  const hits = from ? hitsFrom(face, from, random, attempt) : hitsAlong(face, px, py, ux, uy);
  if (!hits) return null;
  const first = from ? { ...from, onPoint: false } : settle(face, hits[0], cut);
  const second = settle(face, hits[1], cut);
  return first && second ? [first, second] : null;
}

export interface Hit {
  edge: number;
  t: number;
  x: number;
  y: number;
}

/**
 * Where the line through p in direction u enters and leaves the face; the longest way through, if there are
 * several.
 */
export function hitsAlong(face: Face, px: number, py: number, ux: number, uy: number): [Hit, Hit] | null {
  const { xs, ys } = face;
  const hits: Hit[] = [];
  for (let i = 0; i < xs.length; i += 1) {
    const ax = xs[i] as number;
    const ay = ys[i] as number;
    const next = (i + 1) % xs.length;
    const ex = (xs[next] as number) - ax;
    const ey = (ys[next] as number) - ay;
    const cross = ux * ey - uy * ex;
    if (cross === 0) continue;
    const share = ((ax - px) * uy - (ay - py) * ux) / cross;
    if (share < 0 || share >= 1) continue;
    const x = ax + share * ex;
    const y = ay + share * ey;
    hits.push({ edge: i, t: (x - px) * ux + (y - py) * uy, x, y });
  }
  hits.sort((one, other) => one.t - other.t);
  let best: [Hit, Hit] | null = null;
  for (let i = 0; i + 1 < hits.length; i += 2) {
    const pair: [Hit, Hit] = [hits[i] as Hit, hits[i + 1] as Hit];
    if (!best || pair[1].t - pair[0].t > best[1].t - best[0].t) best = pair;
  }
  return best;
}

/** From a given place on the wall, square to it, to the first wall opposite. */
function hitsFrom(
  face: Face,
  from: { edge: number; x: number; y: number },
  random: Random,
  attempt: number,
): [Hit, Hit] | null {
  const { xs, ys } = face;
  const next = (from.edge + 1) % xs.length;
  const ex = (xs[next] as number) - (xs[from.edge] as number);
  const ey = (ys[next] as number) - (ys[from.edge] as number);
  const length = Math.sqrt(ex * ex + ey * ey);
  const slant = random.between(-0.15, 0.15) * (1 + attempt);
  const [nx, ny] = [-ey / length, ex / length];
  const ux = nx * Math.cos(slant) - ny * Math.sin(slant);
  const uy = nx * Math.sin(slant) + ny * Math.cos(slant);
  let best: Hit | null = null;
  for (let i = 0; i < xs.length; i += 1) {
    if (i === from.edge) continue;
    const ax = xs[i] as number;
    const ay = ys[i] as number;
    const k = (i + 1) % xs.length;
    const fx = (xs[k] as number) - ax;
    const fy = (ys[k] as number) - ay;
    const cross = ux * fy - uy * fx;
    if (cross === 0) continue;
    const share = ((ax - from.x) * uy - (ay - from.y) * ux) / cross;
    const t = ((ax - from.x) * fy - (ay - from.y) * fx) / cross;
    if (share < 0 || share >= 1 || t < 1 || (best && best.t <= t)) continue;
    best = { edge: i, t, x: from.x + t * ux, y: from.y + t * uy };
  }
  return best && [{ edge: from.edge, t: 0, x: from.x, y: from.y }, best];
}

/**
 * Moves an end to a junction that is there already or to a bend of the wall; null where it is too near to a
 * corner.
 */
function settle(face: Face, hit: Hit, cut: Cut): End | null {
  const { xs, ys, via } = face;
  const n = xs.length;
  const next = (hit.edge + 1) % n;
  const ax = xs[hit.edge] as number;
  const ay = ys[hit.edge] as number;
  const bx = xs[next] as number;
  const by = ys[next] as number;
  const end = { edge: hit.edge, x: hit.x, y: hit.y, onPoint: false };
  const street = via[hit.edge] as Street;
  if (street.divider !== 'edge' && cut.snapM > 0) snap(end, street, ax, ay, bx, by, cut.snapM);
  for (const [index, x, y] of [
    [hit.edge, ax, ay],
    [next, bx, by],
  ] as const) {
    const distance = Math.hypot(end.x - x, end.y - y);
    if (distance >= cut.cornerM) continue;
    const before = via[(index + n - 1) % n];
    // A bend within one street is a fine place to end; the corner of two streets is not.
    if (before !== via[index]) return null;
    if (distance < cut.cornerM) return { edge: index, x, y, onPoint: true };
  }
  return end;
}

function snap(end: End, street: Street, ax: number, ay: number, bx: number, by: number, snapM: number): void {
  let best = snapM;
  const length2 = (bx - ax) ** 2 + (by - ay) ** 2;
  const { x, y } = end;
  for (const junction of street.junctions) {
    const distance = Math.hypot(junction.x - x, junction.y - y);
    if (distance >= best) continue;
    const share = ((junction.x - ax) * (bx - ax) + (junction.y - ay) * (by - ay)) / length2;
    const off = Math.abs((junction.x - ax) * (by - ay) - (junction.y - ay) * (bx - ax)) / Math.sqrt(length2);
    if (share <= 0 || share >= 1 || off > 0.001) continue;
    best = distance;
    end.x = junction.x;
    end.y = junction.y;
  }
}

/** The line between the ends; each half swings out of line by a share of its length, and so do its halves. */
export function swing(
  [from, to]: [Place, Place],
  share: number,
  random: Random,
): { xs: number[]; ys: number[] } {
  let xs = [from.x, to.x];
  let ys = [from.y, to.y];
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  let swingShare = share;
  for (let piece = length; share > 0 && piece > 60 && xs.length < 40; piece /= 2) {
    const newXs = [xs[0] as number];
    const newYs = [ys[0] as number];
    for (let i = 1; i < xs.length; i += 1) {
      const dx = (xs[i] as number) - (xs[i - 1] as number);
      const dy = (ys[i] as number) - (ys[i - 1] as number);
      const out = random.between(-swingShare, swingShare);
      newXs.push((xs[i - 1] as number) + dx * 0.5 - dy * out, xs[i] as number);
      newYs.push((ys[i - 1] as number) + dy * 0.5 + dx * out, ys[i] as number);
    }
    xs = newXs;
    ys = newYs;
    swingShare *= 0.7;
  }
  return { xs, ys };
}

/**
 * The line may touch the walls at its own ends only, and must leave them at an angle of at least 40 degrees.
 */
function isClear(face: Face, [from, to]: [End, End], { xs, ys }: { xs: number[]; ys: number[] }): boolean {
  const n = face.xs.length;
  const last = xs.length - 1;
  if (
    from.edge === to.edge ||
    Math.hypot((xs[last] as number) - (xs[0] as number), (ys[last] as number) - (ys[0] as number)) < 12
  )
    return false;
  for (let i = 0; i < n; i += 1) {
    const next = (i + 1) % n;
    const ax = face.xs[i] as number;
    const ay = face.ys[i] as number;
    const bx = face.xs[next] as number;
    const by = face.ys[next] as number;
    const atFrom = i === from.edge || (from.onPoint && next === from.edge);
    const atTo = i === to.edge || (to.onPoint && next === to.edge);
    if (
      atFrom &&
      !isSquare(ax, ay, bx, by, xs[0] as number, ys[0] as number, xs[1] as number, ys[1] as number)
    )
      return false;
    if (
      atTo &&
      !isSquare(
        ax,
        ay,
        bx,
        by,
        xs[last] as number,
        ys[last] as number,
        xs[last - 1] as number,
        ys[last - 1] as number,
      )
    )
      return false;
    for (let k = 0; k < last; k += 1) {
      if ((atFrom && k === 0) || (atTo && k === last - 1)) continue;
      const crossing = segmentsCross(
        ax,
        ay,
        bx,
        by,
        xs[k] as number,
        ys[k] as number,
        xs[k + 1] as number,
        ys[k + 1] as number,
      );
      if (crossing) return false;
    }
  }
  return true;
}

/**
 * The line leaves a-b at its point p towards q on the left hand, where the face lies, at 40 degrees or more.
 */
function isSquare(
  ax: number,
  ay: number,
  bx: number,
  by: number,
  px: number,
  py: number,
  qx: number,
  qy: number,
): boolean {
  const sine =
    ((bx - ax) * (qy - py) - (by - ay) * (qx - px)) /
    (Math.hypot(bx - ax, by - ay) * Math.hypot(qx - px, qy - py));
  return sine > 0.64;
}

function lay(
  face: Face,
  ends: [End, End],
  line: { xs: number[]; ys: number[] },
  cut: Cut,
  register: Register,
): [Face, Face, Street] {
  const [from, to] = ends;
  const street = new Street(register.street(), cut.divider, cut.halfWidthM, line.xs, line.ys);
  for (const [end, which] of [
    [from, 'start'],
    [to, 'end'],
  ] as const)
    meet(face, street, end, which, register);
  register.named(street);
  const left = piece(face, to, from, line.xs, line.ys, street);
  const right = piece(face, from, to, line.xs.toReversed(), line.ys.toReversed(), street);
  return [left, right, street];
}

/** Joins one end of the street to the one that it ends on. */
function meet(face: Face, street: Street, end: End, which: 'start' | 'end', register: Register): void {
  const wall = face.via[end.edge] as Street;
  const junction = wall.join(wall.locate(end.x, end.y), end.x, end.y, () => register.node(end.x, end.y));
  street.junctions.push({
    at: which === 'start' ? 0 : street.lengthM,
    x: end.x,
    y: end.y,
    node: junction.node,
  });
}

/**
 * The face on one side of the line: along the old wall from the end of the line back to its beginning, then
 * the line.
 */
function piece(
  face: Face,
  start: End,
  finish: End,
  lineXs: number[],
  lineYs: number[],
  street: Street,
): Face {
  const { xs, ys, via } = face;
  const n = xs.length;
  const result: Face = { xs: [], ys: [], via: [] };
  const add = (x: number, y: number, along: Street) => {
    result.xs.push(x);
    result.ys.push(y);
    result.via.push(along);
  };
  add(start.x, start.y, via[start.edge] as Street);
  const stop = finish.edge;
  for (let i = (start.edge + 1) % n; ; i = (i + 1) % n) {
    if (finish.onPoint && i === stop) break;
    add(xs[i] as number, ys[i] as number, via[i] as Street);
    if (i === stop) break;
  }
  for (let i = 0; i < lineXs.length - 1; i += 1) add(lineXs[i] as number, lineYs[i] as number, street);
  return result;
}
