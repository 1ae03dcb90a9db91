import { divide, type Cut, type Register } from './divide.js';
import type { Points } from './copy.js';
import { ringArea, ringCentre } from './plane.js';
import type { Random } from './random.js';
import { layRiver } from './river.js';
import { Street, type Face } from './streets.js';
import { expectedDensity, type Ground } from './styles.js';

/**
 * The town before its quarters: its ground, what divides it into wards, and the wards' faces from the middle
 * outwards.
 */
export interface Plan {
  ground: Ground;
  streets: Street[];
  wards: { face: Face; weight: number }[];
  /** The river's water. */
  water: Points | null;
}

/**
 * Wards of a town: 7 for a thousand properties, 10 for two thousand, 70 for a hundred thousand, at most 150.
 */
export function wardCount(properties: number): number {
  return Math.max(5, Math.min(150, Math.round(Math.sqrt(properties) / 4.5)));
}

/** The number of the ward with this index: as many digits as the last one has, two at least. */
export function wardNumber(index: number, wards: number): string {
  return String(index + 1).padStart(wards > 99 ? 3 : 2, '0');
}

/** Lays out the town: outline, river with bridges, arterial roads between the wards. */
export function planTown(properties: number, random: Random, register: Register): Plan {
  const ground = groundFor(properties, random);
  const outline = outlineOf(ground, random);
  const river = layRiver(outline, ground, random, register);
  const streets: Street[] = [...river.streets];
  let faces = river.faces;
  const wanted = wardCount(properties);
  const stuck = new Set<Face>();
  while (faces.length < wanted) {
    const heaviest = faces
      .filter((face) => !stuck.has(face))
      .sort((a, b) => weigh(b, ground) - weigh(a, ground))[0];
    if (!heaviest) break;
    const pieces = divide(heaviest, arterial(ringArea(heaviest), ground), random, register);
    if (!pieces) {
      stuck.add(heaviest);
      continue;
    }
    faces = [...faces.filter((face) => face !== heaviest), pieces[0], pieces[1]];
    streets.push(pieces[2]);
  }
  const wards = faces.map((face) => ({ face, weight: weigh(face, ground) }));
  const out = ({ face }: { face: Face }) => Math.hypot(...ringCentre(face));
  wards.sort((one, other) => out(one) - out(other));
  return { ground, streets, wards, water: river.water };
}

function weigh(face: Face, ground: Ground): number {
  return ringArea(face) * expectedDensity(ground, ...ringCentre(face));
}

/**
 * The radius from the number of properties, by the density that the styles come to (measured on towns of
 * many sizes).
 */
function groundFor(properties: number, random: Random): Ground {
  const hectares = properties / 33;
  const radiusM = Math.sqrt((hectares * 10_000) / Math.PI);
  const centres = [{ x: 0, y: 0, reachM: Math.max(70, Math.min(650, radiusM * 0.2)) }];
  // A city has a bazaar in each of the villages that it has swallowed.
  for (let i = 0; i < Math.min(14, Math.floor((radiusM * radiusM) / 3e6)); i += 1) {
    const angle = random.between(0, 2 * Math.PI);
    const out = radiusM * random.between(0.35, 0.75);
    centres.push({ x: out * Math.cos(angle), y: out * Math.sin(angle), reachM: random.between(140, 260) });
  }
  return { radiusM, centres, industryAngle: random.between(-1, 1) };
}

function outlineOf({ radiusM }: Ground, random: Random): Face {
  const phases = [random.next(), random.next(), random.next(), random.next()].map(
    (share) => share * 2 * Math.PI,
  );
  const [a, b, c, d] = phases as [number, number, number, number];
  const points = Math.max(18, Math.min(72, Math.round(radiusM / 45)));
  const xs: number[] = [];
  const ys: number[] = [];
  for (let i = 0; i < points; i += 1) {
    const t = (2 * Math.PI * i) / points;
    const bulge =
      1 +
      0.13 * Math.sin(2 * t + a) +
      0.09 * Math.sin(3 * t + b) +
      0.06 * Math.sin(5 * t + c) +
      0.04 * Math.sin(9 * t + d) +
      random.between(-0.025, 0.025);
    xs.push(radiusM * bulge * Math.cos(t));
    ys.push(radiusM * bulge * Math.sin(t));
  }
  const edge = new Street(0, 'edge', 1.5, [...xs, xs[0] as number], [...ys, ys[0] as number]);
  return { xs, ys, via: xs.map(() => edge) };
}

/** The road that cuts a piece of land of this size: the larger the land, the wider the road. */
export function arterial(areaM2: number, ground: Ground): Cut {
  const size = Math.sqrt(areaM2);
  const isGreat = size > 1_400 || size > ground.radiusM * 1.1;
  const isMain = size > 700 || size > ground.radiusM * 0.7;
  const divider = isGreat ? 'arterial' : isMain ? 'sub_arterial' : 'collector';
  // A small town's main road is narrower than a city's.
  const narrow = Math.min(1, 0.45 + ground.radiusM / 3_000);
  const halfWidthM = (isGreat ? 15 : isMain ? 11 : 7) * narrow;
  return {
    divider,
    halfWidthM,
    swing: 0.06,
    slant: 0.2,
    snapM: Math.min(60, size * 0.12),
    cornerM: Math.min(60, size * 0.12),
  };
}
