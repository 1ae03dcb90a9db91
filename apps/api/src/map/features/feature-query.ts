import { isUuid } from '../../core/ids.js';
import { dayInIndia, isDay } from '../../core/period.js';
import { Problem } from '../../core/problem.js';
import { limits } from '../../platform/limits.js';
import type { ColumnType, Layer, LayerColumn } from '../layer.js';

/** West, south, east, north in degrees (CRS84: longitude first). */
export type Box = [number, number, number, number];

/** A closed interval; an end that is null is open. An instant has the same two ends. */
export interface TimeFilter {
  /** True for one instant or one day, of which the end counts where a state is asked for. */
  single: boolean;
  from: Date | null;
  to: Date | null;
  /** The same ends as days in India, for what the law dates. */
  fromDay: string | null;
  toDay: string | null;
}

export interface FeatureQuery {
  limit: number;
  bbox: Box | null;
  datetime: TimeFilter | null;
  filters: { column: LayerColumn; value: string }[];
  /** Where the page before ended, and how many features the first page counted. */
  after: { id: string; matched: number } | null;
}

/** Parameters as the server split them: a name given twice holds a list. */
export type RawQuery = Record<string, string | string[] | undefined>;

const refuse = (where: string, value: unknown, message: string): never => {
  throw new Problem(400, 'parameter', `Parameter "${where}": ${message}.`, [{ where, value, message }]);
};

/**
 * Reads the parameters of an items request. Written by hand and not as one schema, because the names that are allowed
 * are those of the columns that this caller may read. Any other name is refused, so that a misspelt filter never
 * answers with everything.
 */
export function parseFeatureQuery(
  layer: Layer,
  readable: readonly LayerColumn[],
  raw: RawQuery,
): FeatureQuery {
  const query: FeatureQuery = {
    limit: limits.pageFeaturesDefault,
    bbox: null,
    datetime: null,
    filters: [],
    after: null,
  };
  for (const [name, given] of Object.entries(raw)) {
    if (typeof given !== 'string') return refuse(name, given, 'is given more than once');
    if (name === 'limit') query.limit = parseLimit(given);
    else if (name === 'bbox') query.bbox = parseBox(given);
    else if (name === 'datetime') query.datetime = parseDatetime(given);
    else if (name === 'after') query.after = parseAfter(given);
    else if (name === 'f') parseFormat(given);
    else query.filters.push({ column: columnNamed(layer, readable, name, given), value: given });
  }
  return query;
}

function columnNamed(
  layer: Layer,
  readable: readonly LayerColumn[],
  name: string,
  value: string,
): LayerColumn {
  const column = readable.find((candidate) => candidate.name === name);
  if (!column) {
    const names = ['limit', 'bbox', 'datetime', 'after', 'f', ...readable.map((candidate) => candidate.name)];
    return refuse(name, value, `is unknown here; ${layer.name} knows ${names.join(', ')}`);
  }
  const shape = shapes[column.type];
  if (!shape.test(value)) return refuse(name, value, `is not of type ${column.type}`);
  return column;
}

const isNumber = (text: string) => /^[+-]?(\d{1,20}(\.\d{0,30})?|\.\d{1,30})([eE][+-]?\d{1,2})?$/.test(text);

/** What may reach the database as a value of each type: a text that it cannot read would be an error of ours. */
const shapes: Record<ColumnType, { test(value: string): boolean }> = {
  text: { test: (value) => value.length <= limits.importCellLength && !value.includes('\0') },
  integer: { test: (value) => /^[+-]?\d{1,10}$/.test(value) && Math.abs(Number(value)) <= 2_147_483_647 },
  numeric: { test: isNumber },
  boolean: /^(true|false)$/,
  date: { test: isDay },
  timestamp: { test: (value) => instant(value) !== null },
  uuid: { test: isUuid },
};

/** More than the most is not an error: OGC API Features wants the most served then (7.15.2). */
function parseLimit(text: string): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) < 1)
    return refuse('limit', text, 'must be a whole number from 1');
  return Math.min(Number(text), limits.pageFeatures);
}

function parseFormat(text: string): void {
  if (text !== 'json') refuse('f', text, 'only json is served');
}

/** Four numbers, or six with heights, which are checked and not used: the layers are flat. */
function parseBox(text: string): Box {
  const parts = text.split(',').map((part) => part.trim());
  if (parts.length !== 4 && parts.length !== 6) return refuse('bbox', text, 'must be 4 or 6 numbers');
  if (!parts.every(isNumber)) return refuse('bbox', text, 'must be numbers: west,south,east,north');
  const numbers = parts.map(Number);
  const half = numbers.length / 2;
  const [west, south, east, north] = [numbers[0]!, numbers[1]!, numbers[half]!, numbers[half + 1]!];
  if (Math.max(Math.abs(west), Math.abs(east)) > 180) {
    return refuse('bbox', text, 'longitudes lie between -180 and 180, and come first');
  }
  if (Math.max(Math.abs(south), Math.abs(north)) > 90) {
    return refuse('bbox', text, 'latitudes lie between -90 and 90, and come second');
  }
  if (south > north) return refuse('bbox', text, 'the south lies north of the north');
  if (half === 3 && numbers[2]! > numbers[5]!)
    return refuse('bbox', text, 'the lowest height is above the highest');
  if (west > east) {
    return refuse(
      'bbox',
      text,
      'a box across the antimeridian (west > east) is not served: ask for its two halves',
    );
  }
  return [west, south, east, north];
}

/** An instant of RFC 3339, or a whole day (which is a day in India), as its first and last instant. */
function instant(text: string): { from: Date; to: Date } | null {
  if (isDay(text)) {
    const from = new Date(`${text}T00:00:00+05:30`);
    return { from, to: new Date(from.getTime() + 86_400_000 - 1) };
  }
  const match = /^(\d{4}-\d{2}-\d{2})[Tt]\d{2}:\d{2}:\d{2}(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})$/.exec(text);
  if (!match || !isDay(match[1]!)) return null;
  const at = new Date(text.toUpperCase());
  return Number.isNaN(at.getTime()) ? null : { from: at, to: at };
}

function parseDatetime(text: string): TimeFilter {
  const ends = text.split('/');
  const open = (end: string | undefined) => end === '..' || end === '';
  if (ends.length > 2) return refuse('datetime', text, 'is an instant or an interval of two');
  if (ends.length === 1 && open(ends[0]))
    return refuse('datetime', text, 'must be an instant or an interval');
  const [first, last] = [ends[0]!, ends.at(-1)!];
  const from = open(first) ? null : instant(first);
  const to = open(last) ? null : instant(last);
  if ((!open(first) && !from) || (!open(last) && !to)) {
    return refuse(
      'datetime',
      text,
      'must be RFC 3339, such as 2020-01-01T00:00:00Z, 2020-01-01 or ../2020-01-01',
    );
  }
  if (from && to && from.from > to.to) return refuse('datetime', text, 'the interval ends before it begins');
  return {
    single: ends.length === 1,
    from: from?.from ?? null,
    to: to?.to ?? null,
    fromDay: from ? dayInIndia(from.from) : null,
    toDay: to ? dayInIndia(to.to) : null,
  };
}

/** Parses the `datetime` of an export, where no other parameter comes with it. */
export function parseInstantOrInterval(text: string | undefined): TimeFilter | null {
  return text === undefined ? null : parseDatetime(text);
}

/** The only parameters that have a meaning for one feature. */
export function parseItemQuery(raw: RawQuery): { datetime: TimeFilter | null } {
  let datetime: TimeFilter | null = null;
  for (const [name, given] of Object.entries(raw)) {
    if (typeof given !== 'string') return refuse(name, given, 'is given more than once');
    if (name === 'datetime') datetime = parseDatetime(given);
    else if (name === 'f') parseFormat(given);
    else return refuse(name, given, 'is unknown here; one feature knows datetime, f');
  }
  return { datetime };
}

function parseAfter(text: string): { id: string; matched: number } {
  const match = /^([0-9a-f-]{36})\.(\d{1,10})$/.exec(text);
  if (!match || !isUuid(match[1]!)) return refuse('after', text, 'is not a token of a "next" link');
  return { id: match[1]!, matched: Number(match[2]) };
}

/** The token by which the next page finds its place. The count is carried along, so that only the first page counts. */
export function formatAfter(id: string, matched: number): string {
  return `${id}.${matched}`;
}
