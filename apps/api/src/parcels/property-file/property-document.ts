/** Something of a property that holds for some days: from `from` (null: ever since) until before `to` (null: still). */
export interface Dated {
  from: string | null;
  to: string | null;
  /** When this state was recorded, as the database writes it; null for one that is only proposed. */
  recordedAt: string | null;
}

/** What one unit is while a state holds. Areas and values are decimals as text; `areaM2`, the adopted one, taxes. */
export interface UnitState extends Dated {
  unitNo: number;
  floor: string | null;
  use: string | null;
  structure: string | null;
  occupancy: string | null;
  yearBuilt: number | null;
  areaM2: string | null;
  declaredAreaM2: string | null;
  measuredAreaM2: string | null;
  capitalValue: string | null;
  facts: Record<string, unknown>;
}

/** Who one owner is, and what he holds, while a state holds. Personal. */
export interface OwnerState extends Dated {
  ownerNo: number;
  name: string;
  nameLocal: string | null;
  mobile: string | null;
  /** Eight decimals, `0.50000000`. */
  share: string;
  class: string;
}

export interface PropertyState {
  number: string;
  status: 'active' | 'retired';
  wardNumber: string | null;
  zoneNumber: string | null;
  category: string | null;
  locality: string | null;
  address: string | null;
  addressLocal: string | null;
  landAreaM2: string | null;
  noParcelReason: string | null;
  facts: Record<string, unknown>;
}

/** A property with everything that a version of it holds, for all days that the law dates. */
export interface PropertyDocument {
  property: PropertyState;
  units: UnitState[];
  owners: OwnerState[];
  parcelIds: string[];
}

/** What a property that is only about to be made begins from. */
export function emptyDocument(): PropertyDocument {
  return {
    property: {
      number: '',
      status: 'active',
      wardNumber: null,
      zoneNumber: null,
      category: null,
      locality: null,
      address: null,
      addressLocal: null,
      landAreaM2: null,
      noParcelReason: null,
      facts: {},
    },
    units: [],
    owners: [],
    parcelIds: [],
  };
}

/** Whether a state holds on a day. */
export function holdsOn({ from, to }: Dated, day: string): boolean {
  return (from ?? '') <= day && (to === null || day < to);
}

/** Whether a state holds on a day or on any later one. */
export function holdsFrom({ to }: Dated, day: string): boolean {
  return to === null || day < to;
}

/** States in the order of their first days. */
export function inOrder<State extends Dated>(states: readonly State[]): State[] {
  return [...states].sort((one, other) => ((one.from ?? '') < (other.from ?? '') ? -1 : 1));
}
