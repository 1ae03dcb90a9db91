import { dayInIndia, financialYearOf, financialYearStart } from '../../../../api/src/core/period.js';
import type { ChangeBody, Operation, PropertyFile, RollCodes } from '../../api/property-file.js';
import { parseDay, writeDay } from './day-text.js';

/** One floor or part of one, as it stands in the form. Every field is text; what is empty is not said. */
export interface FloorRow {
  key: string;
  /** Null for one that the roll does not have yet. */
  unitNo: number | null;
  floor: string;
  use: string;
  occupancy: string;
  structure: string;
  yearBuilt: string;
  /** The adopted area: the one that taxes. */
  areaM2: string;
  declaredAreaM2: string;
  measuredAreaM2: string;
  /** The figure that was taken over by a named act. */
  adopted: 'declared' | 'measured' | null;
  /** Ends on the day of the change. */
  ended: boolean;
}

export interface OwnerRow {
  key: string;
  ownerNo: number | null;
  /** Of an owner on the roll the name stays masked; what is typed replaces it. */
  name: string;
  nameLocal: string;
  mobile: string;
  share: string;
  class: string;
  ended: boolean;
}

export interface HeadFields {
  number: string;
  wardNumber: string;
  zoneNumber: string;
  locality: string;
  address: string;
  landAreaM2: string;
  effectiveOn: string;
  document: string;
  reason: string;
}

export interface Draft extends HeadFields {
  changeId: string;
  propertyId: string;
  /** 0 for a property that is not on the roll. */
  baseVersion: number;
  /** The property leaves the roll; nothing else is changed then. */
  retire: boolean;
  parcelIds: string[];
  floors: FloorRow[];
  owners: OwnerRow[];
}

const newKey = (): string => crypto.randomUUID();

/** What a clerk keeps from one entry to the next: ward, day, paper and reason of a walk through a street. */
export type Kept = Partial<
  Pick<HeadFields, 'wardNumber' | 'zoneNumber' | 'document' | 'reason' | 'locality'>
>;

/** A floor filled with what most houses are. */
export function newFloor(codes: RollCodes): FloorRow {
  const first = codes.floor.find((code) => /^(ground|g|gf|0)/i.test(code)) ?? codes.floor[0] ?? '';
  const likely = (list: string[], word: RegExp) => list.find((code) => word.test(code)) ?? list[0] ?? '';
  return {
    key: newKey(),
    unitNo: null,
    floor: first,
    use: likely(codes.use, /^resid/i),
    occupancy: likely(codes.occupancy, /^(self|owner)/i),
    structure: likely(codes.structure, /^(pucca|rcc)/i),
    yearBuilt: '',
    areaM2: '',
    declaredAreaM2: '',
    measuredAreaM2: '',
    adopted: null,
    ended: false,
  };
}

/** An empty entry with one floor and one owner, filled with what most houses are. */
export function newDraft(
  codes: RollCodes,
  now: Date,
  given: { kept?: Kept; parcelIds?: string[] } = {},
): Draft {
  return {
    changeId: crypto.randomUUID(),
    propertyId: crypto.randomUUID(),
    baseVersion: 0,
    number: '',
    wardNumber: '',
    zoneNumber: '',
    locality: '',
    address: '',
    landAreaM2: '',
    // What a survey finds has stood before: it holds from the beginning of the year, unless the clerk knows better.
    effectiveOn: writeDay(financialYearStart(financialYearOf(dayInIndia(now)))),
    document: '',
    reason: '',
    retire: false,
    parcelIds: given.parcelIds ?? [],
    floors: [newFloor(codes)],
    owners: [newOwner('1')],
    ...given.kept,
  };
}

export function newOwner(share: string): OwnerRow {
  const blank = { name: '', nameLocal: '', mobile: '', class: 'none' };
  return { key: newKey(), ownerNo: null, ...blank, share, ended: false };
}

/** The next floor: one higher, otherwise like the one before, its area still to be said. */
export function nextFloor(before: FloorRow, codes: RollCodes): FloorRow {
  const at = codes.floor.indexOf(before.floor);
  const upward = /^-?\d+$/.test(before.floor)
    ? String(Number(before.floor) + 1)
    : (floorAfter[before.floor] ?? null);
  const floor = upward ?? codes.floor[at + 1] ?? before.floor;
  const areas = { areaM2: '', declaredAreaM2: '', measuredAreaM2: '', adopted: null };
  return { ...before, ...areas, key: newKey(), unitNo: null, floor, ended: false };
}

const storeys = [
  'basement',
  'ground',
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'seventh',
  'eighth',
];
const floorAfter: Record<string, string> = {
  ...Object.fromEntries(storeys.slice(0, -1).map((storey, at) => [storey, storeys[at + 1]!])),
  B: 'G',
  G: '1',
};

const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value));
/** `80.5` from 80.5000: as a person would write it. */
export const bareArea = (value: unknown): string =>
  text(value)
    .replace(/(\.\d*?)0+$/, '$1')
    .replace(/\.$/, '');
const holds = ({ from, to }: { from: string | null; to: string | null }, day: string) =>
  (from ?? '') <= day && (to === null || day < to);

/** What stands on a day, as an entry that changes nothing yet. */
export function draftOf(file: PropertyFile, now: Date): Draft {
  const day = dayInIndia(now);
  const { property } = file;
  return {
    changeId: crypto.randomUUID(),
    propertyId: file.propertyId,
    baseVersion: file.version,
    number: property.number,
    wardNumber: text(property.wardNumber),
    zoneNumber: text(property.zoneNumber),
    locality: text(property.locality),
    address: text(property.address),
    landAreaM2: bareArea(property.landAreaM2),
    effectiveOn: writeDay(day),
    document: '',
    reason: '',
    retire: false,
    parcelIds: file.parcelIds,
    floors: file.units
      .filter((unit) => holds(unit, day))
      .map((unit) => ({
        key: `unit-${unit.unitNo}`,
        unitNo: unit.unitNo,
        floor: text(unit.floor),
        use: text(unit.use),
        occupancy: text(unit.occupancy),
        structure: text(unit.structure),
        yearBuilt: text(unit.yearBuilt),
        areaM2: bareArea(unit.areaM2),
        declaredAreaM2: bareArea(unit.declaredAreaM2),
        measuredAreaM2: bareArea(unit.measuredAreaM2),
        adopted: null,
        ended: false,
      })),
    owners: file.owners
      .filter((owner) => holds(owner, day))
      .map((owner) => ({
        ...newOwner(bareArea(owner.share)),
        key: `owner-${owner.ownerNo}`,
        ownerNo: owner.ownerNo,
        class: owner.class,
      })),
  };
}

/** The acts that make of `base` (null: nothing) what the form says, each with the key of the row that asks for it. */
export function actsOf(draft: Draft, base: Draft | null): { row: string; act: Operation }[] {
  if (draft.retire) return [{ row: 'head', act: { do: 'retire-property' } }];
  return [
    ...propertyActs(draft, base),
    ...draft.floors.flatMap((row) => floorActs(row, base, draft.reason)),
    ...draft.owners.flatMap((row) => ownerActs(row, base)),
  ];
}

const headNames = ['wardNumber', 'zoneNumber', 'locality', 'address', 'landAreaM2'] as const;
const floorNames = [
  'floor',
  'use',
  'occupancy',
  'structure',
  'yearBuilt',
  'declaredAreaM2',
  'measuredAreaM2',
] as const;
const ownerNames = ['name', 'nameLocal', 'mobile', 'share', 'class'] as const;

function propertyActs(draft: Draft, base: Draft | null): { row: string; act: Operation }[] {
  if (!base) {
    const land = draft.parcelIds.length ? { parcelIds: draft.parcelIds } : { noParcelReason: 'not_mapped' };
    const set = said(draft, headNames);
    const act = {
      do: 'create-property',
      number: draft.number,
      wardNumber: draft.wardNumber,
      ...set,
      ...land,
    };
    return [{ row: 'head', act }];
  }
  const set = altered(draft, base, headNames);
  return Object.keys(set).length ? [{ row: 'head', act: { do: 'alter-property', set } }] : [];
}

function floorActs(row: FloorRow, base: Draft | null, reason: string): { row: string; act: Operation }[] {
  const act = (given: Operation) => ({ row: row.key, act: given });
  const { unitNo } = row;
  if (unitNo === null) {
    return [act({ do: 'add-unit', use: row.use, ...said(row, floorNames), ...said(row, ['areaM2']) })];
  }
  if (row.ended) return [act({ do: 'retire-unit', unitNo })];
  const before = base?.floors.find((each) => each.unitNo === unitNo);
  const set = before ? altered(row, before, floorNames) : {};
  const acts = Object.keys(set).length ? [act({ do: 'alter-unit', unitNo, set })] : [];
  if (row.areaM2 === before?.areaM2 || (row.areaM2 === '' && !before?.areaM2)) return acts;
  const from = row.adopted ?? 'stated';
  const area = from === 'stated' ? { areaM2: row.areaM2 } : {};
  return [...acts, act({ do: 'adopt-area', unitNo, from, ...area, reason })];
}

function ownerActs(row: OwnerRow, base: Draft | null): { row: string; act: Operation }[] {
  const act = (given: Operation) => ({ row: row.key, act: given });
  if (row.ownerNo === null) {
    const empty = row.name.trim() === '' && row.mobile.trim() === '';
    // An owner of whom nothing is said is nobody: the property has none that is known.
    return empty ? [] : [act({ do: 'add-owner', name: row.name, ...said(row, ownerNames) })];
  }
  if (row.ended) return [act({ do: 'end-owner', ownerNo: row.ownerNo })];
  const before = base?.owners.find((each) => each.ownerNo === row.ownerNo);
  const set = before ? altered(row, before, ownerNames) : {};
  return Object.keys(set).length ? [act({ do: 'alter-owner', ownerNo: row.ownerNo, set })] : [];
}

/** What is typed, as the server takes it: an empty field is not said, a year is a number. */
function said<T extends object>(row: T, names: readonly (keyof T & string)[]): Record<string, unknown> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = text(row[name]).trim();
      return value === '' ? [] : [[name, valueOf(name, value)]];
    }),
  );
}

function altered<T extends object>(
  row: T,
  before: T,
  names: readonly (keyof T & string)[],
): Record<string, unknown> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = text(row[name]).trim();
      if (value === text(before[name]).trim()) return [];
      return [[name, value === '' ? null : valueOf(name, value)]];
    }),
  );
}

const valueOf = (name: string, value: string) =>
  name === 'yearBuilt' && /^\d+$/.test(value) ? Number(value) : value;

/** The whole change; null while day or acts are missing. */
export function bodyOf(draft: Draft, acts: { act: Operation }[]): ChangeBody | null {
  const effectiveOn = parseDay(draft.effectiveOn);
  if (!effectiveOn || !acts.length) return null;
  const { propertyId, baseVersion, reason } = draft;
  const document = draft.document.trim() || null;
  return { propertyId, baseVersion, effectiveOn, document, reason, operations: acts.map(({ act }) => act) };
}

/** The field that a fault of the server is about, as `row.field`: `head.address`, `unit-1.areaM2`, `reason`. */
export function fieldOf(where: string, acts: { row: string; act: Operation }[]): string {
  const [, index, , below] = /^\/operations\/(\d+)(\/set)?\/?(.*)$/.exec(where) ?? [];
  if (index === undefined) return where.replace(/^\//, '');
  const asked = acts[Number(index)];
  const field = below === 'from' || (below === 'reason' && asked) ? 'areaM2' : below;
  return `${asked?.row ?? 'head'}.${field || 'do'}`;
}
