import { Random } from './random.js';

/**
 * A roll made up for footprints that are real or generated, with omissions planted on purpose: what a discovery run must
 * find, and what it cannot. Everything comes from a seed, so that the same footprints give the same roll.
 */

/** What is wrong with one piece of land; `none` is most of them. */
export const omissions = [
  'no_account',
  'area',
  'extra_floor',
  'changed_use',
  'vacant_built',
  'vacant_untaxed',
  'demolished',
] as const;
export type Omission = (typeof omissions)[number] | 'none';

/** A footprint as it stands on the map. */
export interface Footprint {
  /** Its key in the source; the parcel made for it has the same. */
  key: string;
  areaM2: number;
}

export interface PlantedUnit {
  floor: string;
  use: string;
  structure: string;
  occupancy: string;
  /** What the roll has adopted, rounded to 0.01 m2. */
  areaM2: number;
}

export interface PlantedAccount {
  number: string;
  units: PlantedUnit[];
  /** `parcel`: the roll names the land. `position`: only the surveyor's point at the door is known. */
  linkedBy: 'parcel' | 'position';
}

/** One piece of land: what the map shows of it, what the roll says, and what was made wrong between them. */
export interface PlantedLand {
  key: string;
  omission: Omission;
  /** On the map: null where the building is not (any more, or not yet) there. */
  building: { floors: number; use: string } | null;
  landUse: string;
  accounts: PlantedAccount[];
  /** How much smaller the roll's area is than the true one, as a share; 0 but for `area`. */
  hiddenShare: number;
  /** Square metres that were left out or made wrong, for who asks why something was not found. */
  hiddenM2: number;
}

/** Of a hundred pieces of land so many have each omission. */
const shares: Record<Exclude<Omission, 'none'>, number> = {
  no_account: 6,
  area: 7,
  extra_floor: 5,
  changed_use: 4,
  vacant_built: 3,
  vacant_untaxed: 2,
  demolished: 3,
};

/** The roll of a place. `positions` is the share of accounts that are known by a position alone. */
export function plantRoll(footprints: readonly Footprint[], seed: number, positions = 0.3): PlantedLand[] {
  const random = new Random(seed, 41);
  return footprints.map((footprint, index) => landOf(footprint, index + 1, random, positions));
}

function landOf({ key, areaM2 }: Footprint, serial: number, random: Random, positions: number): PlantedLand {
  const omission = omissionOf(random);
  const floors = random.whole(1, 4);
  const isShop = random.chance(0.15);
  const flats = !isShop && floors > 1 && random.chance(0.08) ? floors * random.whole(1, 2) : 1;
  const use = isShop ? 'commercial' : 'residential';
  // The survey sees plinth, the roll has measured from wall to wall inside: between nine tenths and all of it.
  const inside = random.between(0.9, 1);
  const upper = Array.from({ length: floors - 1 }, () => random.between(0.74, 0.96));
  const areas = [areaM2 * inside, ...upper.map((share) => areaM2 * inside * share)];
  const units = areas.map((area, floor) => unit(floor === 0 ? 'G' : `${floor}`, use, area));
  const accounts = share(units, flats, serial, random.chance(positions) ? 'position' : 'parcel');
  const land: PlantedLand = {
    key,
    omission,
    building: { floors, use },
    landUse: use,
    accounts,
    hiddenShare: 0,
    hiddenM2: 0,
  };
  return spoil(land, areaM2, random);
}

function omissionOf(random: Random): Omission {
  let luck = random.next() * 100;
  for (const omission of omissions) {
    luck -= shares[omission];
    if (luck < 0) return omission;
  }
  return 'none';
}

const spoilers: Record<
  Exclude<Omission, 'none'>,
  (land: PlantedLand, areaM2: number, random: Random) => void
> = {
  no_account: (land, areaM2) => {
    land.accounts = [];
    land.hiddenM2 = areaM2;
  },
  area: (land, _areaM2, random) => {
    land.hiddenShare = random.between(0.1, 0.6);
    for (const { units } of land.accounts) {
      for (const one of units) {
        land.hiddenM2 += one.areaM2 * land.hiddenShare;
        one.areaM2 = hundredths(one.areaM2 * (1 - land.hiddenShare));
      }
    }
  },
  // Built after the roll was made: the map has one or two floors more.
  extra_floor: (land, areaM2, random) => {
    const more = random.whole(1, 2);
    if (land.building) land.building.floors += more;
    land.hiddenM2 = areaM2 * more * 0.85;
  },
  changed_use: (land, areaM2) => {
    if (land.building) land.building.use = land.building.use === 'residential' ? 'commercial' : 'industrial';
    land.hiddenM2 = areaM2;
  },
  vacant_built: (land, areaM2) => {
    land.accounts = land.accounts.slice(0, 1);
    for (const account of land.accounts) account.units = [vacantLand(areaM2 * 1.4)];
    land.hiddenM2 = areaM2;
  },
  vacant_untaxed: (land, areaM2) => {
    land.accounts = [];
    land.building = null;
    land.landUse = 'vacant';
    land.hiddenM2 = areaM2;
  },
  // The owner still pays for a house that is gone; only land tells of it, so it is known by its parcel.
  demolished: (land, areaM2) => {
    land.building = null;
    for (const account of land.accounts) account.linkedBy = 'parcel';
    land.hiddenM2 = areaM2;
  },
};

function spoil(land: PlantedLand, areaM2: number, random: Random): PlantedLand {
  if (land.omission !== 'none') spoilers[land.omission](land, areaM2, random);
  return land;
}

/** A house is one account; a house of flats is several, each with a part of one floor. */
function share(
  units: PlantedUnit[],
  accounts: number,
  serial: number,
  linkedBy: PlantedAccount['linkedBy'],
): PlantedAccount[] {
  const number = (n: number) => `K-${String(serial).padStart(5, '0')}${accounts > 1 ? `/${n + 1}` : ''}`;
  if (accounts === 1) return [{ number: number(0), units, linkedBy }];
  const perFloor = accounts / units.length;
  return Array.from({ length: accounts }, (_, n) => {
    const whole = units[Math.floor(n / perFloor)] as PlantedUnit;
    return {
      number: number(n),
      units: [{ ...whole, areaM2: hundredths(whole.areaM2 / perFloor) }],
      linkedBy,
    };
  });
}

const unit = (floor: string, use: string, areaM2: number): PlantedUnit => ({
  floor,
  use,
  structure: 'pucca',
  occupancy: 'self',
  areaM2: hundredths(areaM2),
});

const vacantLand = (areaM2: number): PlantedUnit => ({
  floor: 'land',
  use: 'vacant',
  structure: 'none',
  occupancy: 'vacant',
  areaM2: hundredths(areaM2),
});

function hundredths(areaM2: number): number {
  return Math.round(areaM2 * 100) / 100;
}
