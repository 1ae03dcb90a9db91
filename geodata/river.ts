import type { Points } from './copy.js';
import { divide, hitsAlong, swing, type Register } from './divide.js';
import { arterial } from './plan.js';
import { isSimple, ringArea } from './plane.js';
import type { Random } from './random.js';
import { Street, type Face } from './streets.js';
import type { Ground } from './styles.js';

export interface River {
  /** The land on both banks, already cut by the roads that cross. */
  faces: Face[];
  streets: Street[];
  water: Points | null;
}

/** Half of the land of a road along the bank. */
const bankHalfM = 5;

/**
 * Lays a river beside the old town: a road along each bank, bridges over it, and a main road from each end
 * of a bridge. Where the outline offers no clean way through, the town has no river.
 */
export function layRiver(outline: Face, ground: Ground, random: Random, register: Register): River {
  const halfWidthM = Math.max(16, Math.min(75, ground.radiusM * 0.035));
  for (let attempt = 0; attempt < 12; attempt += 1) {
    const middle = riverLine(outline, ground, random);
    if (!middle) continue;
    const lines = [1, -1].map((hand) => shift(middle, hand * (halfWidthM + bankHalfM)));
    const banks = lines.map((line) => cutOff(outline, line));
    const [left, right] = [banks[0]?.[0], banks[1]?.[1]];
    const [leftStreet, rightStreet] = banks.map((bank) => bank?.[2]);
    if (!left || !right || !leftStreet || !rightStreet) continue;
    const streets = [leftStreet, rightStreet].map((line) => {
      const street = new Street(register.street(), 'collector', bankHalfM, line.xs, line.ys);
      for (const at of [0, street.lengthM])
        street.join(at, ...street.pointAt(at), () => register.node(...street.pointAt(at)));
      register.named(street);
      return street;
    }) as [Street, Street];
    const faces = [withStreet(left, leftStreet, streets[0]), withStreet(right, rightStreet, streets[1])];
    const water = waterBetween(leftStreet, rightStreet);
    return bridge({ faces, streets: [...streets], water }, streets, ground, random, register);
  }
  return { faces: [outline], streets: [], water: null };
}

/** A winding line through the outline, drawn well beyond it on both sides. */
function riverLine(outline: Face, { radiusM }: Ground, random: Random): Points | null {
  const angle = random.between(0, 2 * Math.PI);
  const out = radiusM * 0.4;
  const slant = angle + random.between(-0.35, 0.35);
  const [ux, uy] = [-Math.sin(slant), Math.cos(slant)];
  const hits = hitsAlong(outline, out * Math.cos(angle), out * Math.sin(angle), ux, uy);
  if (!hits) return null;
  const beyond = radiusM * 0.3;
  const [from, to] = hits;
  return swing(
    [
      { x: from.x - ux * beyond, y: from.y - uy * beyond },
      { x: to.x + ux * beyond, y: to.y + uy * beyond },
    ],
    0.12,
    random,
  );
}

/** The line moved sideways, to the left for a positive distance. */
function shift({ xs, ys }: Points, distance: number): Points {
  const last = xs.length - 1;
  const result: Points = { xs: [], ys: [] };
  for (let i = 0; i <= last; i += 1) {
    const [p, q] = [Math.max(0, i - 1), Math.min(last, i + 1)];
    const dx = (xs[q] as number) - (xs[p] as number);
    const dy = (ys[q] as number) - (ys[p] as number);
    const length = Math.hypot(dx, dy);
    result.xs.push((xs[i] as number) - (dy / length) * distance);
    result.ys.push((ys[i] as number) + (dx / length) * distance);
  }
  return result;
}

/**
 * The faces left and right of the line and the part of the line between them; null where it crosses other
 * than twice.
 */
function cutOff(outline: Face, line: Points): [Face, Face, Street] | null {
  const crossings: { edge: number; part: number; x: number; y: number }[] = [];
  for (let part = 0; part + 1 < line.xs.length; part += 1) {
    const [ax, ay] = [line.xs[part] as number, line.ys[part] as number];
    const [bx, by] = [line.xs[part + 1] as number, line.ys[part + 1] as number];
    const length = Math.hypot(bx - ax, by - ay);
    for (const hit of crossingsOf(outline, ax, ay, (bx - ax) / length, (by - ay) / length)) {
      if (hit.t >= 0 && hit.t < length) crossings.push({ edge: hit.edge, part, x: hit.x, y: hit.y });
    }
  }
  const [from, to] = crossings;
  if (crossings.length !== 2 || !from || !to || from.edge === to.edge || from.part > to.part) return null;
  const xs = [from.x, ...line.xs.slice(from.part + 1, to.part + 1), to.x];
  const ys = [from.y, ...line.ys.slice(from.part + 1, to.part + 1), to.y];
  const street = new Street(0, 'collector', 0, xs, ys);
  return [
    side(outline, to.edge, from.edge, xs, ys, street),
    side(outline, from.edge, to.edge, xs.toReversed(), ys.toReversed(), street),
    street,
  ];
}

function crossingsOf(outline: Face, px: number, py: number, ux: number, uy: number) {
  const hits: { edge: number; t: number; x: number; y: number }[] = [];
  const n = outline.xs.length;
  for (let edge = 0; edge < n; edge += 1) {
    const [ax, ay] = [outline.xs[edge] as number, outline.ys[edge] as number];
    const ex = (outline.xs[(edge + 1) % n] as number) - ax;
    const ey = (outline.ys[(edge + 1) % n] as number) - ay;
    const cross = ux * ey - uy * ex;
    const share = ((ax - px) * uy - (ay - py) * ux) / cross;
    if (!(share >= 0 && share < 1)) continue;
    const x = ax + share * ex;
    const y = ay + share * ey;
    hits.push({ edge, t: (x - px) * ux + (y - py) * uy, x, y });
  }
  return hits.sort((one, other) => one.t - other.t);
}

/** From the end of the line along the outline to its beginning, then along the line. */
function side(
  outline: Face,
  startEdge: number,
  stopEdge: number,
  xs: number[],
  ys: number[],
  street: Street,
): Face {
  const n = outline.xs.length;
  const last = xs.length - 1;
  const face: Face = {
    xs: [xs[last] as number],
    ys: [ys[last] as number],
    via: [outline.via[startEdge] as Street],
  };
  for (let i = (startEdge + 1) % n; ; i = (i + 1) % n) {
    face.xs.push(outline.xs[i] as number);
    face.ys.push(outline.ys[i] as number);
    face.via.push(outline.via[i] as Street);
    if (i === stopEdge) break;
  }
  for (let i = 0; i < last; i += 1) {
    face.xs.push(xs[i] as number);
    face.ys.push(ys[i] as number);
    face.via.push(street);
  }
  return face;
}

function withStreet(face: Face, draft: Street, street: Street): Face {
  return { ...face, via: face.via.map((via) => (via === draft ? street : via)) };
}

function waterBetween(left: Street, right: Street): Points | null {
  const a = shift(withoutStubs(left), -bankHalfM - 0.5);
  const b = shift(withoutStubs(right), bankHalfM + 0.5);
  // The left bank runs with the river and the right one back: the water lies to the right of the left bank.
  const ring = { xs: [...b.xs, ...a.xs.toReversed()], ys: [...b.ys, ...a.ys.toReversed()] };
  return isSimple(ring) ? ring : null;
}

/** Without a bend close to an end, where the line moved sideways would fold. */
function withoutStubs({ xs, ys, along, lengthM }: Street): Points {
  const last = xs.length - 1;
  const stubM = 15;
  const stays = (_: number, i: number) =>
    i === 0 || i === last || ((along[i] as number) > stubM && (along[i] as number) < lengthM - stubM);
  return { xs: xs.filter(stays), ys: ys.filter(stays) };
}

function bridge(
  river: River,
  banks: [Street, Street],
  ground: Ground,
  random: Random,
  register: Register,
): River {
  const [left, right] = banks;
  const bridges = Math.max(1, Math.min(8, Math.round(left.lengthM / 1_500)));
  // A few more places are tried until there is one bridge at least: the banks must not be two towns.
  for (let i = 0, built = 0; i < bridges || (built === 0 && i < 40); i += 1) {
    const share = i < bridges ? (i + 0.5 + random.between(-0.2, 0.2)) / bridges : random.between(0.1, 0.9);
    const [x, y] = left.pointAt(left.lengthM * share);
    const across = right.locate(x, y);
    const ends = [left.locate(x, y), across].map((at, k) => start(river.faces, banks[k] as Street, at));
    const [a, b] = ends;
    if (!a || !b) continue;
    const [road] = [a, b].map(({ face, edge, at, ...place }, k) => {
      const cut = { ...arterial(ringArea(face), ground), from: { edge, ...place } };
      (banks[k] as Street).join(at, place.x, place.y, () => register.node(place.x, place.y));
      const pieces = divide(face, cut, random, register);
      if (!pieces) return null;
      river.faces = [...river.faces.filter((other) => other !== face), pieces[0], pieces[1]];
      river.streets.push(pieces[2]);
      return pieces[2];
    });
    const deck = new Street(register.street(), road?.divider ?? 'collector', 7, [a.x, b.x], [a.y, b.y]);
    deck.junctions.push(
      { ...left.join(a.at, a.x, a.y, () => 0), at: 0 },
      { ...right.join(b.at, b.x, b.y, () => 0), at: deck.lengthM },
    );
    deck.isBridge = true;
    register.named(deck);
    river.streets.push(deck);
    built += 1;
  }
  return river;
}

/** The face beside the bank at that place and the place itself, unless it is too near to a corner. */
function start(faces: Face[], bank: Street, at: number) {
  const [x, y] = bank.pointAt(at);
  for (const face of faces) {
    for (let edge = 0; edge < face.xs.length; edge += 1) {
      if (face.via[edge] !== bank) continue;
      const next = (edge + 1) % face.xs.length;
      const from = bank.locate(face.xs[edge] as number, face.ys[edge] as number);
      const to = bank.locate(face.xs[next] as number, face.ys[next] as number);
      if ((from - at) * (to - at) < 0 && Math.abs(from - at) > 3 && Math.abs(to - at) > 3)
        return { face, edge, at, x, y };
    }
  }
  return null;
}
