import type { Points } from './copy.js';
import { Network } from './network.js';
import { localityName, nameStreet, wardName, type PlaceName } from './places.js';
import { planTown, wardNumber, type Plan } from './plan.js';
import { contains, ringArea } from './plane.js';
import { plotsOf, type Plot } from './plots.js';
import { quartersOf } from './quarters.js';
import { Random } from './random.js';
import { Roll, type RollFaults } from './roll.js';
import type { Face, Street } from './streets.js';
import { TownTables, type TownChunk, type TownOptions, type TownTable } from './tables.js';
import { accountsOn, fit, usePlot, type Holding } from './uses.js';
import { dissolve, withJunctions } from './zones.js';

/** What was made: rows of each table, and the faults made on purpose. */
export interface TownSummary {
  rows: Record<TownTable, number>;
  faults: RollFaults;
}

/**
 * Plots of so many accounts are held in memory at a time, so that a city of a million needs no more than a
 * town.
 */
const batchAccounts = 15_000;

/** Nagarpur, a town that does not exist, beside a river in the middle of Madhya Pradesh. UTM zone 44N. */
export const demoTown = {
  code: 'nagarpur',
  name: 'Nagarpur (demo)',
  nameLocal: 'नगरपुर (डेमो)',
  utmSrid: 32644,
  origin: { lon: 78.7, lat: 23.8 },
} as const;

/**
 * Makes a town and yields its rows as chunks of COPY text, tables mixed; the return value counts them. The
 * same options give the same bytes. Throws a RangeError for options that make no town.
 */
export function* generateTown(options: TownOptions): Generator<TownChunk, TownSummary> {
  if (
    !Number.isSafeInteger(options.properties) ||
    options.properties < 100 ||
    options.properties > 2_000_000
  ) {
    throw new RangeError(`A town has 100 to 2,000,000 properties, not ${options.properties}.`);
  }
  if (!Number.isSafeInteger(options.seed) || options.seed < 0)
    throw new RangeError(`The seed is a whole number from 0, not ${options.seed}.`);
  return yield* new Town(options).rows();
}

interface Ward {
  index: number;
  number: string;
  zone: string;
  face: Face;
  weight: number;
}

class Town {
  private readonly tables: TownTables;
  private readonly network: Network;
  private readonly roll: Roll;
  private readonly random: Random;
  private readonly plan: Plan;
  private readonly wards: Ward[];
  private locality: PlaceName | null = null;
  private lanes = 0;
  private streets = 0;
  private readonly register = {
    street: () => (this.streets += 1),
    node: (x: number, y: number) => this.network.node(x, y),
    named: (street: Street) => {
      if (street.divider === 'lane') this.lanes += 1;
      nameStreet(street, this.locality, this.lanes, this.random);
    },
  };

  constructor(private readonly options: TownOptions) {
    this.tables = new TownTables(options);
    this.network = new Network(this.tables);
    this.roll = new Roll(this.tables);
    this.random = new Random(options.seed, 0);
    this.plan = planTown(options.properties, this.random, this.register);
    const { wards } = this.plan;
    // From the middle outwards: the innermost sixth is the dearest zone, the outer quarter the cheapest.
    this.wards = wards.map(({ face, weight }, index) => {
      const rank = (index + 0.5) / wards.length;
      const zone = rank < 0.16 ? 'A' : rank < 0.42 ? 'B' : rank < 0.75 ? 'C' : 'D';
      return {
        index,
        number: wardNumber(index, wards.length),
        zone,
        face,
        weight,
      };
    });
  }

  *rows(): Generator<TownChunk, TownSummary> {
    this.changeset();
    this.accounts();
    this.divisions();
    let remaining = this.options.properties;
    for (const batch of batches(this.wards)) {
      const later = this.wards.slice((batch.at(-1)?.index ?? 0) + 1);
      remaining -= this.fill(batch, later, remaining);
      yield* this.tables.take();
    }
    this.open();
    const wardAt = wardFinder(this.wards);
    for (const street of this.plan.streets) this.network.write(street, this.random, wardAt);
    this.tables.flush();
    yield* this.tables.take();
    return { rows: this.tables.counts(), faults: this.roll.faults };
  }

  /** Builds the wards of a batch; returns how many properties they received. */
  private fill(batch: Ward[], later: Ward[], remaining: number): number {
    const perWard = batch.map((ward) => this.holdingsOf(ward));
    const holdings = perWard.flat();
    const found = holdings.reduce((sum, { accounts }) => sum + accounts, 0);
    const weightOf = (wards: Ward[]) => wards.reduce((sum, { weight }) => sum + weight, 0);
    const expectedLater = (found * weightOf(later)) / weightOf(batch);
    const target = later.length ? Math.round((remaining * found) / (found + expectedLater)) : remaining;
    // A hundredth and a half of the roll is on no map.
    const unmapped = Math.round(target * 0.015);
    fit(holdings, target - unmapped, this.random);
    const houses = holdings.filter(({ use }) => use === 'house');
    for (const ofWard of perWard)
      ofWard.forEach((holding, i) => this.roll.write(holding, i + 1, this.random));
    const near = houses.length ? houses : holdings;
    for (let i = 0; i < unmapped; i += 1) this.roll.writeUnmapped(this.random.pick(near), this.random);
    return target;
  }

  private holdingsOf(ward: Ward): Holding[] {
    const random = new Random(this.options.seed, ward.index + 1);
    const streets: Street[] = [];
    const isLakeWard = ward.index === Math.floor(this.wards.length * 0.4);
    const enter = (style: Parameters<typeof localityName>[0]) => {
      this.lanes = 0;
      this.locality = localityName(style, random);
      return this.locality;
    };
    const quarters = quartersOf(
      ward.face,
      this.plan.ground,
      random,
      this.register,
      streets,
      isLakeWard,
      enter,
    );
    this.locality = null;
    const holdings: Holding[] = [];
    for (const { style, blocks, locality } of quarters) {
      const common = { style, ward: ward.number, zone: ward.zone, locality };
      for (const { block, use } of blocks) {
        if (use !== 'plots') {
          const ring = use === 'lake' ? rounded(block) : { xs: block.xs, ys: block.ys };
          const plot: Plot = {
            ...ring,
            quad: null,
            areaM2: ringArea(ring),
            street: block.via[0] as Street,
            isCorner: true,
          };
          holdings.push({ ...common, plot, use, accounts: 0 });
          continue;
        }
        for (const plot of plotsOf(block, style, random)) {
          const plotUse = usePlot(plot, style, random);
          holdings.push({ ...common, plot, use: plotUse, accounts: accountsOn(plotUse, plot, random) });
        }
      }
    }
    for (const street of streets) this.network.write(street, random, () => ward.number);
    return holdings;
  }

  private changeset(): void {
    const { recordedAt, changesetId, ulbId } = this.tables;
    const row = this.tables.of('changesets').ascii(ulbId).ascii(changesetId).ascii('import').ascii('applied');
    row
      .ascii(`Demo town, seed ${this.options.seed}, ${this.options.properties} properties`)
      .ascii('jarib-demo');
    row.ascii(recordedAt).ascii(recordedAt).end();
  }

  private accounts(): void {
    for (const [code, kind, title] of [
      ['receivables', 'asset', 'Property tax and cesses receivable'],
      ['opening-balances', 'equity', 'Balances brought forward'],
    ] as const) {
      this.tables.of('accounts').ascii(this.tables.ulbId).ascii(code).ascii(kind).ascii(title).end();
    }
  }

  private divisions(): void {
    const main = new Set(this.plan.streets);
    const rings = this.wards.map(({ face }) => withJunctions(face, main));
    for (const zone of ['A', 'B', 'C', 'D']) {
      const polygons = dissolve(rings.filter((_, i) => this.wards[i]?.zone === zone));
      const row = this.tables.layer('zones').ascii(zone).ascii(`Zone ${zone}`).text(`ज़ोन ${zone}`);
      row.ascii('[2015-04-01,)').polygons(polygons).end();
    }
    const weight = this.wards.reduce((sum, ward) => sum + ward.weight, 0);
    this.wards.forEach((ward, i) => {
      const { name, nameLocal } = wardName(i);
      const people = Math.round(((this.options.properties * ward.weight) / weight) * 4.6);
      const row = this.tables.layer('wards').ascii(ward.number).ascii(name).text(nameLocal).ascii(ward.zone);
      row
        .whole(people)
        .ascii('[2015-04-01,)')
        .polygon(rings[i] as Points)
        .end();
    });
  }

  /** The river: land of no ward, under one number. */
  private open(): void {
    const { water } = this.plan;
    if (!water) return;
    const row = this.tables.layer('parcels').ascii('NADI-1').none().none().text('Sunar Nadi').ascii('water');
    row
      .hundredths(Math.round(ringArea(water) * 100))
      .polygon(water)
      .end();
  }
}

function batches(wards: Ward[]): Ward[][] {
  const result: Ward[][] = [];
  let sum = 0;
  for (const ward of wards) {
    const expected = ward.weight / 10_000;
    if (result.length === 0 || sum + expected > batchAccounts) {
      result.push([]);
      sum = 0;
    }
    result.at(-1)?.push(ward);
    sum += expected;
  }
  return result;
}

function wardFinder(wards: Ward[]): (x: number, y: number) => string | null {
  const boxes = wards.map(({ face, number }) => ({
    face,
    number,
    west: Math.min(...face.xs),
    east: Math.max(...face.xs),
    south: Math.min(...face.ys),
    north: Math.max(...face.ys),
  }));
  return (x, y) =>
    boxes.find(
      (box) => x >= box.west && x <= box.east && y >= box.south && y <= box.north && contains(box.face, x, y),
    )?.number ?? null;
}

/** A shore has no corners: each is cut twice, a quarter of the way along. */
function rounded({ xs, ys }: Points): Points {
  let ring = { xs, ys };
  for (let round = 0; round < 3; round += 1) {
    const next: Points = { xs: [], ys: [] };
    for (let i = 0; i < ring.xs.length; i += 1) {
      const k = (i + 1) % ring.xs.length;
      for (const share of [0.25, 0.75]) {
        next.xs.push((ring.xs[i] as number) + share * ((ring.xs[k] as number) - (ring.xs[i] as number)));
        next.ys.push((ring.ys[i] as number) + share * ((ring.ys[k] as number) - (ring.ys[i] as number)));
      }
    }
    ring = next;
  }
  // Where the land has a dent, cutting its corner would flood the street.
  return ring.xs.every((x, i) => contains({ xs, ys }, x, ring.ys[i] as number)) ? ring : { xs, ys };
}
