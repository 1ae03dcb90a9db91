/**
 * Shapes that the server answers with. Money is whole paise as text, areas are decimals as text, days YYYY-
 * MM-DD.
 */

export type Language = 'en' | 'hi' | 'mr';
export type Label = Record<Language, string>;
export type Place = [lon: number, lat: number];
export type Box = [west: number, south: number, east: number, north: number];
export type Decimal = string | number;

export interface Ulb {
  code: string;
  name: string;
  nameLocal: string | null;
  languages: Language[];
  bbox: Box | null;
}

export interface Session {
  ulb: Ulb;
  user: { id: string; login: string; name: string; role: string; wardNumbers: string[] | null };
  permissions: string[];
  csrfToken: string;
}

export interface LayerColumn {
  name: string;
  type: 'text' | 'integer' | 'numeric' | 'boolean' | 'date' | 'timestamp' | 'uuid';
  label: Label;
  codes?: Record<string, Label>;
  unit?: string;
}

export interface Layer {
  name: string;
  title: Label;
  geometry: 'Point' | 'LineString' | 'MultiPolygon';
  columns: LayerColumn[];
  nameColumn: string;
  numberColumn: string;
  minZoom: number;
  count: number;
  bbox: Box | null;
}

/** A feature of the map that a person clicked: its own columns beside id, centre and box. */
export interface Feature {
  id: string;
  center: Place;
  bbox: Box;
  attributes: Record<string, unknown>;
}

export interface SearchHit {
  noun: string;
  /** The layer in which it is drawn; null for what is not on the map itself. */
  layer?: string | null;
  id: string;
  title: string;
  subtitle: string | null;
  center: Place | null;
  propertyId?: string | null;
}

export interface RollRow {
  id: string;
  number: string;
  wardNumber: string | null;
  address: string | null;
  addressLocal?: string | null;
  use: string | null;
  units: number;
  areaM2: Decimal | null;
  ownerMasked: string | null;
  /** How many there are; only the first is named. */
  owners?: number;
  parcelId: string | null;
  noParcelReason: string | null;
  demandPaise: string | null;
  fy: string | null;
}

export interface RollPage {
  items: RollRow[];
  next: string | null;
  total: number;
}

export interface RollFilter {
  ward?: string | null;
  use?: string | null;
  status?: string | null;
}

export interface Unit {
  unitNo: number;
  floor: string | null;
  use: string | null;
  structure: string | null;
  occupancy: string | null;
  yearBuilt: number | null;
  /** Adopted: the one that taxes. */
  areaM2: Decimal | null;
  declaredAreaM2?: Decimal | null;
  measuredAreaM2?: Decimal | null;
  effectiveFrom?: string | null;
  effectiveTo?: string | null;
}

export interface Owner {
  ownerNo: number;
  name: string;
  nameLocal: string | null;
  mobile: string | null;
  share: Decimal;
  class: string | null;
}

export interface PropertyCard {
  id: string;
  number: string;
  aliases: { alias: string; kind: string }[];
  status: string;
  wardNumber: string | null;
  zoneNumber: string | null;
  locality: string | null;
  address: string | null;
  addressLocal: string | null;
  landAreaM2: Decimal | null;
  facts: Record<string, unknown>;
  parcels: { id: string; parcelNo: string | null; areaM2: Decimal | null; tileId: Decimal }[];
  noParcelReason: string | null;
  units: Unit[];
  owners: Owner[];
  /** True where the property lies outside this person's wards: owners are not even shown masked. */
  ownersHidden?: boolean;
  assessment: {
    fy: string;
    totalPaise: string;
    exempt: boolean;
    tariffTitle: Label | string;
    status: 'sample' | 'notified';
    assessmentNo: number;
  } | null;
  ledger: { openingPaise: string; demandPaise: string; rebatePaise: string; balancePaise: string } | null;
}

export interface Tariff {
  sha256: string;
  kind: 'assessment' | 'collection';
  body: string;
  title: Label | string;
  status: 'sample' | 'notified';
  appliesFromFy: string | null;
  appliesToFy: string | null;
  installedAt: string;
}

export interface Run {
  id: string;
  fy: string;
  status:
    'pending' | 'running' | 'computed' | 'publishing' | 'published' | 'withdrawn' | 'failed' | 'cancelled';
  wardNumbers: string[] | null;
  effectiveOn: string;
  properties: number;
  assessed: number;
  exempt: number;
  exceptions: number;
  unchanged: number;
  totalPaise: string;
  /** By how much publication changes, or has changed, what is demanded. */
  netPaise: string;
  /** What rebates on demand take off the run's assessments. */
  rebatePaise: string;
  createdAt: string;
  startedAt: string | null;
  finishedAt: string | null;
  createdByLogin: string;
  error: string | null;
  chunks: { done: number; posted: number; total: number };
  publication: { byLogin: string; askedAt: string; publishedAt: string | null } | null;
  withdrawal: { byLogin: string; at: string; reason: string } | null;
  revision: { propertyId: string; number: string | null; reason: string; orderRef: string | null } | null;
  ratePerSecond?: number | null;
  secondsLeft?: number | null;
}

export interface RunException {
  propertyId: string;
  number: string;
  wardNumber: string | null;
  reasons: string[];
}

/**
 * Tax per m2 on the map: six breaks between seven classes, in paise per m2, and how many parcels each class
 * holds.
 */
export interface TaxMap {
  fy: string;
  /** The run that drew it. */
  runId: string;
  breaks: string[];
  counts: number[];
  unit?: string;
}
