import type { Points } from './copy.js';
import { contains, ringArea } from './plane.js';
import type { Random } from './random.js';
import type { Holding, PlotUse } from './uses.js';

/**
 * A building on a plot. `footprintM2` is measured in local metres, a few ten-thousandths off the ellipsoid
 * at most.
 */
export interface House {
  ring: Points;
  footprintM2: number;
  floors: number;
  yearBuilt: number;
  structure: 'pucca' | 'semi_pucca' | 'kutcha';
  /** The engineer's word for the structure, as the layer of buildings has it. */
  construction: string;
  use: 'residential' | 'commercial' | 'industrial' | 'mixed' | 'institutional';
}

const uses: Partial<Record<PlotUse, House['use']>> = {
  house: 'residential',
  'shop-house': 'mixed',
  shop: 'commercial',
  market: 'commercial',
  flats: 'residential',
  works: 'industrial',
  public: 'institutional',
};

const oldest: Record<Holding['style']['kind'], number> = {
  bazaar: 1925,
  old: 1945,
  colony: 1975,
  planned: 1998,
  villas: 1935,
  industry: 1985,
  farm: 2000,
};

/** The building of a plot with a house; `year` is the present one. */
export function houseOn({ plot, style, use, accounts }: Holding, year: number, random: Random): House | null {
  const kind = uses[use];
  if (!kind || !plot.quad) return null;
  const cover = Math.min(0.97, style.cover * random.between(0.93, 1.03));
  const side = (1 - cover) / 2;
  // Kept off the rear wall, which may bend inwards between the corners.
  const rear = Math.min(0.93 - style.wander, cover);
  const front = style.kind === 'bazaar' ? 0.012 : Math.max(0.02, (1 - rear) * random.between(0.2, 0.7));
  let ring = cut(plot.quad, Math.max(0.012, side), Math.min(0.988, 1 - side), front, rear, random);
  for (let share = 0.7; !isWithin(ring, plot); share -= 0.2) {
    if (share < 0.2) return null;
    ring = cut(plot.quad, Math.max(0.012, side), Math.min(0.988, 1 - side), front, rear * share, random);
  }
  const first = oldest[style.kind];
  const luck = random.next();
  const structure = luck < 0.08 && style.kind !== 'planned' ? 'kutcha' : luck < 0.24 ? 'semi_pucca' : 'pucca';
  let floors = Math.max(1, Math.round(style.floors + random.between(-0.9, 1)));
  if (use === 'flats' || use === 'market')
    floors = Math.min(14, Math.max(2, Math.round(accounts / random.between(3, 6))));
  if (structure === 'kutcha' || use === 'works') floors = 1;
  return {
    ring,
    footprintM2: ringArea(ring),
    floors,
    structure,
    use: kind,
    yearBuilt: Math.min(year, first + Math.floor((year - first) * Math.sqrt(random.next()))),
    construction: construction(structure, use, random),
  };
}

/** A rear wall that bends inwards may come into the way of a house. */
function isWithin(ring: Points, plot: Points): boolean {
  if (plot.xs.length === 4) return true;
  return (
    ring.xs.every((x, i) => contains(plot, x, ring.ys[i] as number)) &&
    !plot.xs.some((x, i) => contains(ring, x, plot.ys[i] as number))
  );
}

function construction(structure: House['structure'], use: PlotUse, random: Random): string {
  if (use === 'works') return random.chance(0.6) ? 'steel' : 'sheet';
  if (structure === 'kutcha') return 'kutcha';
  if (structure === 'semi_pucca') return random.chance(0.5) ? 'sheet' : 'stone';
  return random.chance(0.6) ? 'rcc' : 'load_bearing';
}

/**
 * The part of the plot between shares of its front and of its depth; one in four is an L, with a yard in a
 * corner.
 */
function cut(
  quad: number[],
  left: number,
  right: number,
  front: number,
  rear: number,
  random: Random,
): Points {
  const ring: Points = { xs: [], ys: [] };
  const add = (u: number, v: number) => {
    const [ax, ay, bx, by, cx, cy, dx, dy] = quad as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    ring.xs.push((1 - v) * (ax + u * (bx - ax)) + v * (dx + u * (cx - dx)));
    ring.ys.push((1 - v) * (ay + u * (by - ay)) + v * (dy + u * (cy - dy)));
  };
  add(left, front);
  add(right, front);
  if (random.chance(0.25)) {
    const yardFrom = left + (right - left) * random.between(0.45, 0.7);
    const yardAt = front + (rear - front) * random.between(0.5, 0.75);
    add(right, yardAt);
    add(yardFrom, yardAt);
    add(yardFrom, rear);
  } else add(right, rear);
  add(left, rear);
  return ring;
}
