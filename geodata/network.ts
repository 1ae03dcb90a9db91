import type { Points } from './copy.js';
import type { Random } from './random.js';
import type { Junction, Street, StreetClass } from './streets.js';
import type { TownTables } from './tables.js';

interface Kind {
  lanes: number;
  surfaces: string[];
  /** Share of the street's land that is carriageway. */
  carriageway: number;
  poleEveryM: number;
  wattsW: number[];
}

const kinds: Record<StreetClass, Kind> = {
  arterial: { lanes: 4, surfaces: ['asphalt'], carriageway: 0.6, poleEveryM: 28, wattsW: [120, 150] },
  sub_arterial: {
    lanes: 2,
    surfaces: ['asphalt', 'asphalt', 'concrete'],
    carriageway: 0.62,
    poleEveryM: 30,
    wattsW: [90, 120],
  },
  collector: {
    lanes: 2,
    surfaces: ['asphalt', 'concrete'],
    carriageway: 0.65,
    poleEveryM: 32,
    wattsW: [70, 90],
  },
  local: {
    lanes: 1,
    surfaces: ['concrete', 'concrete', 'asphalt', 'paver'],
    carriageway: 0.7,
    poleEveryM: 34,
    wattsW: [35, 45],
  },
  lane: {
    lanes: 1,
    surfaces: ['concrete', 'concrete', 'paver', 'stone', 'gravel', 'earth'],
    carriageway: 0.8,
    poleEveryM: 36,
    wattsW: [18, 24, 35],
  },
};

const nodeNo = (node: number) => `N-${String(node).padStart(6, '0')}`;

/** Writes junctions, the streets cut at them, and the poles and lamps along. */
export class Network {
  private lampsOfFeeder = new Map<string, number>();

  constructor(private readonly tables: TownTables) {}

  /** The next node, at local metres. */
  node(x: number, y: number): number {
    const node = this.tables.of('road_nodes').rows + 1;
    this.tables.layer('road_nodes').ascii(nodeNo(node)).point(x, y).end();
    return node;
  }

  /** A finished street: nothing will join it any more. `wardAt` tells in which ward a pole stands. */
  write(street: Street, random: Random, wardAt: (x: number, y: number) => string | null): void {
    if (street.divider === 'edge') return;
    const kind = kinds[street.divider];
    const surface = random.pick(kind.surfaces);
    const oneWay = kind.lanes < 4 && random.chance(street.divider === 'lane' ? 0.01 : 0.05);
    const direction = !oneWay ? 'no' : random.chance(0.5) ? 'forward' : 'backward';
    const widthCm = Math.round(street.halfWidthM * 2 * kind.carriageway * 100);
    const isLit = random.chance(street.divider === 'lane' ? 0.85 : 0.97);
    const stops = street.junctions.toSorted((one, other) => one.at - other.at);
    for (let i = 1; i < stops.length; i += 1) {
      const [from, to] = [stops[i - 1] as Junction, stops[i] as Junction];
      const roadNo = `R-${String(this.tables.of('roads').rows + 1).padStart(6, '0')}`;
      const line = between(street, from, to);
      const row = this.tables.layer('roads').ascii(roadNo).text(street.name).text(street.nameLocal);
      row.ascii(street.divider).ascii(direction).hundredths(widthCm).whole(kind.lanes).ascii(surface);
      row.ascii(nodeNo(from.node)).ascii(nodeNo(to.node)).line(line).end();
      if (isLit && !street.isBridge) this.light(street, from.at, to.at, roadNo, kind, random, wardAt);
    }
  }

  private light(
    street: Street,
    from: number,
    to: number,
    roadNo: string,
    kind: Kind,
    random: Random,
    wardAt: (x: number, y: number) => string | null,
  ): void {
    const count = Math.floor((to - from) / kind.poleEveryM + 0.5);
    // Between carriageway and plots, and never further out than a lamp's arm reaches.
    const outM = Math.min(12, Math.max(0.6, street.halfWidthM - 0.7));
    for (let i = 0; i < count; i += 1) {
      const at = from + ((to - from) * (i + 0.5)) / count + random.between(-1.5, 1.5);
      const [x, y, dx, dy] = withDirection(street, at);
      const hand = kind.lanes >= 4 && i % 2 === 1 ? -outM : outM;
      const px = x - dy * hand;
      const py = y + dx * hand;
      const ward = wardAt(px, py);
      const poleNo = `P-${String(this.tables.of('poles').rows + 1).padStart(6, '0')}`;
      const pole = this.tables.layer('poles').ascii(poleNo).ascii(random.pick(poleKinds));
      (ward === null ? pole.none() : pole.ascii(ward)).point(px, py).end();
      if (random.chance(0.94)) this.lamp(px, py, poleNo, roadNo, ward, kind, random);
    }
  }

  private lamp(
    x: number,
    y: number,
    poleNo: string,
    roadNo: string,
    ward: string | null,
    kind: Kind,
    random: Random,
  ): void {
    const led = random.chance(0.78);
    const luck = random.next();
    const state = luck < 0.93 ? 'working' : luck < 0.98 ? 'fault' : 'outage';
    const row = this.tables
      .layer('streetlights')
      .ascii(poleNo)
      .ascii(led ? 'LED luminaire' : random.pick(oldFixtures));
    row.ascii(led ? 't' : 'f').whole(kind.lanes >= 4 && random.chance(0.4) ? 2 : 1);
    row.whole(led ? random.pick(kind.wattsW) : random.pick(oldWattsW));
    row.text(random.chance(0.9) ? 'Nagar Palika Parishad' : 'State power distribution company').ascii(state);
    row.ascii(this.feeder(ward)).ascii(roadNo);
    row.ascii(
      `20${random
        .whole(led ? 17 : 5, led ? 25 : 15)
        .toString()
        .padStart(2, '0')}-${random.pick(months)}-01`,
    );
    (ward === null ? row.none() : row.ascii(ward)).point(x, y).end();
  }

  /** A panel feeds about fifty lamps of one ward. */
  private feeder(ward: string | null): string {
    const lamps = this.lampsOfFeeder.get(ward ?? '') ?? 0;
    this.lampsOfFeeder.set(ward ?? '', lamps + 1);
    return `FP-${ward ?? '00'}-${String(Math.floor(lamps / 50) + 1).padStart(2, '0')}`;
  }
}

const poleKinds = ['GI octagonal', 'GI octagonal', 'GI tubular', 'PCC', 'rail'];
const oldFixtures = ['Sodium vapour', 'Metal halide', 'Tube light'];
const oldWattsW = [40, 70, 150, 250];
const months = ['01', '03', '04', '06', '09', '11'];

function between(street: Street, from: Junction, to: Junction): Points {
  const xs = [from.x];
  const ys = [from.y];
  for (let i = 0; i < street.xs.length; i += 1) {
    const at = street.along[i] as number;
    if (at <= from.at + 0.05 || at >= to.at - 0.05) continue;
    xs.push(street.xs[i] as number);
    ys.push(street.ys[i] as number);
  }
  xs.push(to.x);
  ys.push(to.y);
  return { xs, ys };
}

function withDirection(street: Street, at: number): [x: number, y: number, dx: number, dy: number] {
  let i = 1;
  while (i < street.along.length - 1 && (street.along[i] as number) < at) i += 1;
  const dx = (street.xs[i] as number) - (street.xs[i - 1] as number);
  const dy = (street.ys[i] as number) - (street.ys[i - 1] as number);
  const length = Math.sqrt(dx * dx + dy * dy);
  const rest = at - (street.along[i - 1] as number);
  const x = (street.xs[i - 1] as number) + (dx / length) * rest;
  const y = (street.ys[i - 1] as number) + (dy / length) * rest;
  return [x, y, dx / length, dy / length];
}
