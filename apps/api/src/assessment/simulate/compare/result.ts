/** One side of a group of properties. Money is whole paise, written as text. */
export interface SideCount {
  assessed: number;
  exempt: number;
  exceptions: number;
  totalPaise: string;
}

/**
 * A group of properties (all, of one ward, of one use) under both tariffs. `assessed + exempt + exceptions = properties`
 * on each side. A change is reckoned only over what both sides could assess: `comparable`. Properties that are an
 * exception on one side only are counted apart, with what the other side asks of them:
 * `present.totalPaise = comparable.presentPaise + onlyPresent.paise`, and likewise for the proposed side.
 */
export interface Group {
  properties: number;
  present: SideCount;
  proposed: SideCount;
  comparable: {
    properties: number;
    presentPaise: string;
    proposedPaise: string;
    changePaise: string;
    up: number;
    down: number;
    same: number;
  };
  onlyPresent: { properties: number; paise: string };
  onlyProposed: { properties: number; paise: string };
  neither: number;
}

export interface NamedGroup extends Group {
  /** Ward number or use; null where the roll gives none. */
  name: string | null;
}

export interface HeadChange {
  name: string;
  label: { en: string; hi: string; mr: string };
  /** Null on a side that does not have the head. Over all properties that the side could assess. */
  presentPaise: string | null;
  proposedPaise: string | null;
  /** Over the comparable properties; a head that a side does not have is 0 there. */
  comparablePresentPaise: string;
  comparableProposedPaise: string;
}

/** A tenth of the comparable properties that owe something on either side, in the order of their present demand. */
export interface Decile {
  decile: number;
  properties: number;
  lowestPaise: string;
  highestPaise: string;
  presentPaise: string;
  proposedPaise: string;
  up: number;
  down: number;
}

export interface Mover {
  propertyId: string;
  number: string;
  wardNumber: string | null;
  use: string | null;
  presentPaise: string;
  proposedPaise: string;
  changePaise: string;
}

export interface OneSided {
  propertyId: string;
  number: string;
  wardNumber: string | null;
  /** The side on which it is an exception, with the reasons; the other side asks `paise`. */
  exceptionIn: 'present' | 'proposed';
  reasons: string[];
  paise: string;
}

export interface Comparison {
  whole: Group;
  heads: HeadChange[];
  wards: NamedGroup[];
  uses: NamedGroup[];
  deciles: Decile[];
  /** The change in paise below which 10, 20, ... 90 % of those properties lie. */
  changeAtDecile: string[];
  /**
   * Properties by their change in steps of five per cent: bin n holds 5n to 5n + 5 %, `same` no change, `fresh` those
   * that owed nothing before. -20 is the lowest bin, 20 all from 100 % on.
   */
  histogram: { bins: { bin: number; properties: number }[]; same: number; fresh: number };
  increases: Mover[];
  decreases: Mover[];
  oneSided: OneSided[];
}
