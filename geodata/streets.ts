import type { Points } from './copy.js';

export type StreetClass = 'arterial' | 'sub_arterial' | 'collector' | 'local' | 'lane';
/** The edge of the town bounds land as streets do, but nobody drives on it. */
export type Divider = StreetClass | 'edge';

/** A point of a street where another one meets it. */
export interface Junction {
  /** Metres along the street from its beginning. */
  at: number;
  x: number;
  y: number;
  /** Number of the junction's node. */
  node: number;
}

/**
 * A line that divides a piece of land: a street from one wall of it to the other, so that it always begins
 * and ends on older streets. What meets it later is noted as junctions.
 */
export class Street implements Points {
  readonly junctions: Junction[] = [];
  /** Metres from the beginning to each point. */
  readonly along: number[] = [0];
  name = '';
  nameLocal = '';
  isBridge = false;

  constructor(
    readonly number: number,
    readonly divider: Divider,
    /** Half of the land that it takes, between the fronts of the plots. */
    readonly halfWidthM: number,
    readonly xs: number[],
    readonly ys: number[],
  ) {
    for (let i = 1; i < xs.length; i += 1) {
      const dx = (xs[i] as number) - (xs[i - 1] as number);
      const dy = (ys[i] as number) - (ys[i - 1] as number);
      this.along.push((this.along[i - 1] as number) + Math.sqrt(dx * dx + dy * dy));
    }
  }

  get lengthM(): number {
    return this.along[this.along.length - 1] as number;
  }

  get isDriven(): boolean {
    return this.divider !== 'edge';
  }

  /** Metres along the street of the place on it that is nearest to the point. */
  locate(x: number, y: number): number {
    let best = Infinity;
    let at = 0;
    for (let i = 1; i < this.xs.length; i += 1) {
      const ax = this.xs[i - 1] as number;
      const ay = this.ys[i - 1] as number;
      const dx = (this.xs[i] as number) - ax;
      const dy = (this.ys[i] as number) - ay;
      const length2 = dx * dx + dy * dy;
      const share = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length2));
      const distance = (ax + share * dx - x) ** 2 + (ay + share * dy - y) ** 2;
      if (distance >= best) continue;
      best = distance;
      at = (this.along[i - 1] as number) + share * Math.sqrt(length2);
    }
    return at;
  }

  /** The point at so many metres along the street. */
  pointAt(at: number): [x: number, y: number] {
    let i = 1;
    while (i < this.along.length - 1 && (this.along[i] as number) < at) i += 1;
    const from = this.along[i - 1] as number;
    const share = (at - from) / ((this.along[i] as number) - from);
    const x = this.xs[i - 1] as number;
    const y = this.ys[i - 1] as number;
    return [x + share * ((this.xs[i] as number) - x), y + share * ((this.ys[i] as number) - y)];
  }

  /** Notes a junction, or gives the one that is there already. */
  join(at: number, x: number, y: number, node: () => number): Junction {
    const there = this.junctions.find((junction) => Math.abs(junction.at - at) < 0.01);
    if (there) return there;
    const junction = { at, x, y, node: node() };
    this.junctions.push(junction);
    return junction;
  }
}

/** A piece of land between streets: edge i runs from point i to the next, and is part of `via[i]`. */
export interface Face extends Points {
  via: Street[];
}
