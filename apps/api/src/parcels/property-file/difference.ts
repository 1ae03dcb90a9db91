import { type Dated, holdsOn, type PropertyDocument } from './property-document.js';

/** One thing that two versions of a property tell differently. Owners' lines are personal. */
export interface DifferenceLine {
  noun: 'property' | 'land' | 'unit' | 'owner';
  /** Number of the unit or owner; null for the property itself. */
  no: number | null;
  /** `added` and `ended` tell of the whole, one line a field; `altered` of one field. */
  change: 'added' | 'altered' | 'ended';
  field: string;
  before: unknown;
  after: unknown;
  /** First day of which this is so; null for what the law does not date, and for all days past. */
  from: string | null;
  /** The day from which it is no longer so; null: on. */
  to: string | null;
}

const propertyFields = [
  'number',
  'status',
  'wardNumber',
  'zoneNumber',
  'category',
  'locality',
  'address',
  'addressLocal',
  'landAreaM2',
  'noParcelReason',
  'facts',
] as const;
const unitFields = [
  'floor',
  'use',
  'occupancy',
  'structure',
  'yearBuilt',
  'areaM2',
  'declaredAreaM2',
  'measuredAreaM2',
  'capitalValue',
  'facts',
];
const ownerFields = ['name', 'nameLocal', 'mobile', 'share', 'class'];

/** What `after` says otherwise than `before` (null: nothing stood before), for all days that either tells of. */
export function differenceOf(before: PropertyDocument | null, after: PropertyDocument): DifferenceLine[] {
  const lines: DifferenceLine[] = [];
  const undated = { no: null, from: null, to: null };
  for (const field of propertyFields) {
    const [one, other] = [plain(before?.property[field]), plain(after.property[field])];
    if (same(one, other)) continue;
    const change = before ? 'altered' : 'added';
    lines.push({ noun: 'property', change, field, before: one, after: other, ...undated });
  }
  const [had, has] = [before?.parcelIds ?? [], after.parcelIds];
  if (!same([...had].sort(), [...has].sort())) {
    lines.push({ noun: 'land', change: 'altered', field: 'parcels', before: had, after: has, ...undated });
  }
  const units = {
    noun: 'unit' as const,
    fields: unitFields,
    numberOf: (unit: { unitNo: number }) => unit.unitNo,
  };
  lines.push(...datedLines(before?.units ?? [], after.units, units));
  const owners = {
    noun: 'owner' as const,
    fields: ownerFields,
    numberOf: (owner: { ownerNo: number }) => owner.ownerNo,
  };
  lines.push(...datedLines(before?.owners ?? [], after.owners, owners));
  return lines;
}

interface Kind<S> {
  noun: 'unit' | 'owner';
  fields: string[];
  numberOf: (state: S) => number;
}

function datedLines<S extends Dated>(before: S[], after: S[], kind: Kind<S>): DifferenceLine[] {
  const numbers = [...new Set([...before, ...after].map(kind.numberOf))].sort((one, other) => one - other);
  return numbers.flatMap((no) => {
    const [had, has] = [before, after].map((all) => all.filter((state) => kind.numberOf(state) === no));
    return linesOf(had!, has!, kind, no);
  });
}

/** Day by day from one boundary to the next; neighbouring stretches that tell the same become one line. */
function linesOf<S extends Dated>(
  had: S[],
  has: S[],
  { noun, fields }: Kind<S>,
  no: number,
): DifferenceLine[] {
  const starts = new Set([...had, ...has].flatMap(({ from, to }) => [from ?? '', to ?? '']));
  const days = [...starts].filter((day) => day !== '').sort();
  if ([...had, ...has].some(({ from }) => from === null)) days.unshift('');
  const open = new Map<string, DifferenceLine>();
  const lines: DifferenceLine[] = [];
  for (const [index, day] of days.entries()) {
    const [one, other] = [had, has].map((states) => states.find((state) => holdsOn(state, day)));
    const [from, to] = [day || null, days[index + 1] ?? null];
    for (const field of fields) {
      const [old, now] = [one, other].map((state) =>
        plain((state as Record<string, unknown> | undefined)?.[field]),
      );
      if (same(old, now)) continue;
      const change = !one ? 'added' : !other ? 'ended' : 'altered';
      const last = open.get(field);
      if (last && last.to === from && last.change === change && same([last.before, last.after], [old, now])) {
        last.to = to;
        continue;
      }
      const line: DifferenceLine = { noun, no, change, field, before: old, after: now, from, to };
      open.set(field, line);
      lines.push(line);
    }
  }
  return lines;
}

/** Areas are compared as amounts: 80 and 80.0000 are one area. No value, an empty one and no facts are one thing. */
function plain(value: unknown): unknown {
  if (value === undefined || value === '') return null;
  if (typeof value === 'string' && /^\d+\.\d+$/.test(value)) return value.replace(/\.?0+$/, '');
  if (value !== null && typeof value === 'object' && Object.keys(value).length === 0) return null;
  return value;
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
