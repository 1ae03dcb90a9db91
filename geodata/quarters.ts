import { blockOf, type Block } from './blocks.js';
import { divide, type Cut, type Register } from './divide.js';
import { arterial } from './plan.js';
import { ringArea, ringCentre, smallestBox } from './plane.js';
import type { PlaceName } from './places.js';
import type { Random } from './random.js';
import type { Face, Street } from './streets.js';
import { styleAt, type Ground, type Style } from './styles.js';

/** A built-up neighbourhood, or one open piece of land in it. */
export interface Quarter {
  style: Style;
  locality: PlaceName;
  blocks: { block: Block; use: 'plots' | 'park' | 'lake' }[];
}

/**
 * Cuts a ward into quarters, each in one style, and these into blocks. Streets are added as they come into
 * being.
 */
export function quartersOf(
  ward: Face,
  ground: Ground,
  random: Random,
  register: Register,
  streets: Street[],
  lakeWanted: boolean,
  /** Told the style before the first street of a quarter is laid; gives the quarter its name. */
  enter: (style: Style) => PlaceName,
): Quarter[] {
  const quarters: Quarter[] = [];
  let lake = lakeWanted;
  const pending = [ward];
  for (let face = pending.pop(); face; face = pending.pop()) {
    const areaM2 = ringArea(face);
    const style = styleAt(ground, ...ringCentre(face), random);
    const large = style.kind === 'bazaar' ? 25_000 : style.kind === 'old' ? 45_000 : 90_000;
    const pieces = areaM2 > large ? divide(face, between(areaM2, ground, style), random, register) : null;
    if (pieces) {
      streets.push(pieces[2]);
      pending.push(pieces[0], pieces[1]);
      continue;
    }
    const isLake = lake && style.kind !== 'bazaar';
    if (isLake) lake = false;
    const locality = enter(style);
    quarters.push({ style, locality, blocks: blocksOf(face, style, random, register, streets, isLake) });
  }
  return quarters;
}

/** The street between two quarters. */
function between(areaM2: number, ground: Ground, style: Style): Cut {
  if (areaM2 > 250_000) return arterial(areaM2, ground);
  const isTight = style.kind === 'bazaar' || style.kind === 'old';
  return {
    divider: 'collector',
    halfWidthM: isTight ? 4.5 : 6.5,
    swing: isTight ? 0.06 : 0.035,
    slant: 0.16,
    snapM: 25,
    cornerM: 22,
  };
}

function blocksOf(
  quarter: Face,
  style: Style,
  random: Random,
  register: Register,
  streets: Street[],
  isLake: boolean,
): Quarter['blocks'] {
  const blocks: Quarter['blocks'] = [];
  const pending = [quarter];
  let lake = isLake;
  for (let face = pending.pop(); face; face = pending.pop()) {
    const cut = style.kind === 'farm' ? null : innerCut(face, style);
    const areaM2 = ringArea(face);
    const isLakeNow = lake && areaM2 < 26_000;
    const pieces = cut && !isLakeNow ? divide(face, cut, random, register) : null;
    if (pieces) {
      streets.push(pieces[2]);
      pending.push(pieces[0], pieces[1]);
      continue;
    }
    const block = blockOf(face);
    if (!block) continue;
    if (isLakeNow) lake = false;
    const isPark =
      !isLakeNow && style.kind !== 'farm' && random.chance(style.kind === 'planned' ? 0.035 : 0.015);
    blocks.push({ block, use: isLakeNow ? 'lake' : isPark ? 'park' : 'plots' });
  }
  return blocks;
}

/** The next street within a quarter, or null where the face is a block already. */
function innerCut(face: Face, style: Style): Cut | null {
  const box = smallestBox(face);
  const deep = style.depthM * 2 + style.laneHalfM * 2;
  const isLong = box.longM > style.blockM * 1.5;
  const isDeep = box.shortM > deep * 1.42;
  if (!isLong && !isDeep) return null;
  const isLocal = box.longM * box.shortM > style.blockM * deep * 5;
  const common = {
    divider: isLocal ? ('local' as const) : ('lane' as const),
    halfWidthM: isLocal ? style.localHalfM : style.laneHalfM,
    swing: style.swing,
    slant: style.slant,
    snapM: style.depthM * 0.7,
    cornerM: style.depthM * 0.8,
  };
  // Long pieces are cut across until they are as long as a block, then along, so that lanes run side by side.
  const acrossFirst = isLong && (box.longM / style.blockM > box.shortM / deep || !isDeep);
  return acrossFirst ? { ...common, pieceM: style.blockM } : { ...common, pieceM: deep, lengthwise: true };
}
