import type { Random } from './random.js';

/** How a quarter is built. Lengths in metres. */
export interface Style {
  kind: 'bazaar' | 'old' | 'colony' | 'planned' | 'villas' | 'industry' | 'farm';
  /** Depth of a plot from the street, and width of its front. */
  depthM: number;
  frontM: number;
  /** Length of a block between two cross streets. */
  blockM: number;
  laneHalfM: number;
  localHalfM: number;
  swing: number;
  slant: number;
  /** Shares of plots. */
  vacant: number;
  shops: number;
  /** Share of the plot's depth and front that a house takes. */
  cover: number;
  floors: number;
  /** Sideways wander of the wall between plots that stand back to back, as a share of their depth. */
  wander: number;
  /** Rupees for a square metre, for capital values. */
  rupeesPerM2: number;
}

export const styles: Record<Style['kind'], Style> = {
  bazaar: {
    kind: 'bazaar',
    depthM: 13,
    frontM: 5,
    blockM: 62,
    laneHalfM: 1.8,
    localHalfM: 3.2,
    swing: 0.05,
    slant: 0.22,
    vacant: 0.02,
    shops: 0.55,
    cover: 0.97,
    floors: 2.6,
    wander: 0.09,
    rupeesPerM2: 32_000,
  },
  old: {
    kind: 'old',
    depthM: 15,
    frontM: 7,
    blockM: 75,
    laneHalfM: 2,
    localHalfM: 3.5,
    swing: 0.045,
    slant: 0.2,
    vacant: 0.04,
    shops: 0.14,
    cover: 0.92,
    floors: 2.1,
    wander: 0.08,
    rupeesPerM2: 19_000,
  },
  colony: {
    kind: 'colony',
    depthM: 15,
    frontM: 9,
    blockM: 105,
    laneHalfM: 3,
    localHalfM: 4.5,
    swing: 0.008,
    slant: 0.05,
    vacant: 0.08,
    shops: 0.07,
    cover: 0.82,
    floors: 1.8,
    wander: 0.02,
    rupeesPerM2: 15_000,
  },
  planned: {
    kind: 'planned',
    depthM: 18,
    frontM: 12,
    blockM: 130,
    laneHalfM: 4.5,
    localHalfM: 6,
    swing: 0,
    slant: 0.02,
    vacant: 0.2,
    shops: 0.05,
    cover: 0.74,
    floors: 1.7,
    wander: 0,
    rupeesPerM2: 14_000,
  },
  villas: {
    kind: 'villas',
    depthM: 34,
    frontM: 24,
    blockM: 150,
    laneHalfM: 5,
    localHalfM: 6,
    swing: 0.012,
    slant: 0.05,
    vacant: 0.05,
    shops: 0.02,
    cover: 0.5,
    floors: 1.4,
    wander: 0.03,
    rupeesPerM2: 17_000,
  },
  industry: {
    kind: 'industry',
    depthM: 60,
    frontM: 38,
    blockM: 200,
    laneHalfM: 6,
    localHalfM: 8,
    swing: 0,
    slant: 0.02,
    vacant: 0.12,
    shops: 0.02,
    cover: 0.68,
    floors: 1.2,
    wander: 0,
    rupeesPerM2: 8_000,
  },
  farm: {
    kind: 'farm',
    depthM: 80,
    frontM: 60,
    blockM: 400,
    laneHalfM: 3,
    localHalfM: 4,
    swing: 0.03,
    slant: 0.1,
    vacant: 1,
    shops: 0,
    cover: 0,
    floors: 0,
    wander: 0.06,
    rupeesPerM2: 2_000,
  },
};

/** The shape of the whole town: how far it reaches and where its bazaars are. */
export interface Ground {
  radiusM: number;
  /** Centres of bazaars with their reach, the old one first. */
  centres: { x: number; y: number; reachM: number }[];
  /** The direction in which industry lies, in radians. */
  industryAngle: number;
}

/** How near a place is to a bazaar: 0 in its middle, 1 at the end of its reach, and so on outwards. */
export function nearness(ground: Ground, x: number, y: number): number {
  let best = Infinity;
  for (const centre of ground.centres) {
    best = Math.min(best, Math.hypot(x - centre.x, y - centre.y) / centre.reachM);
  }
  return best;
}

/** Plots a hectare that a place will hold, for sharing the town out into wards. */
export function expectedDensity(ground: Ground, x: number, y: number): number {
  const near = nearness(ground, x, y);
  const out = Math.hypot(x, y) / ground.radiusM;
  if (near < 1) return 75;
  if (near < 2.2) return 52;
  return out < 0.75 ? 36 : 20;
}

/** The style of a quarter whose middle is at the place. */
export function styleAt(ground: Ground, x: number, y: number, random: Random): Style {
  const near = nearness(ground, x, y);
  const out = Math.hypot(x, y) / ground.radiusM;
  if (near < 1) return styles.bazaar;
  if (near < 2.1) return random.chance(0.93) ? styles.old : styles.villas;
  const angle = Math.abs(
    Math.atan2(
      Math.sin(Math.atan2(y, x) - ground.industryAngle),
      Math.cos(Math.atan2(y, x) - ground.industryAngle),
    ),
  );
  if (out > 0.72 && angle < 0.3 && random.chance(0.75)) return styles.industry;
  if (random.chance((out - 0.66) * 1.5)) return styles.farm;
  if (random.chance(0.07)) return styles.villas;
  if (near < 3.2 && random.chance(0.35)) return styles.old;
  return random.chance(out > 0.6 ? 0.6 : 0.3) ? styles.planned : styles.colony;
}
