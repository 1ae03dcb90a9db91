import { parsePaise } from '../../core/money.js';
import { isDay } from '../../core/period.js';

/** A sale as a row of a file states it. */
export interface SaleRow {
  line: number;
  number: string;
  soldOn: string;
  pricePaise: bigint;
  document: string;
  armsLength: boolean;
  reason: string | null;
}

export interface RowFault {
  line: number;
  column: string | null;
  value: string | null;
  message: string;
}

const needed = ['property', 'sold_on', 'price', 'document'] as const;
const optional = ['arms_length', 'reason'] as const;
export const saleColumns = [...needed, ...optional];

const words: Record<string, boolean> = {
  yes: true,
  true: true,
  y: true,
  '1': true,
  no: false,
  false: false,
  n: false,
  '0': false,
};

/** What is wrong with a header; null where nothing is. */
export function headerFault(header: readonly string[]): string | null {
  const missing = needed.filter((name) => !header.includes(name));
  const unknown = header.filter((name) => !(saleColumns as string[]).includes(name));
  if (missing.length) return `The header lacks ${missing.join(', ')}.`;
  return unknown.length ? `The header has columns that are not known: ${unknown.join(', ')}.` : null;
}

/** Reads one row by its header, or tells what is wrong with each of its cells. Prices are rupees, written as decimals. */
export function readSale(
  header: readonly string[],
  cells: readonly string[],
  line: number,
  today: string,
): { sale: SaleRow } | { faults: RowFault[] } {
  const at = (name: string) => (cells[header.indexOf(name)] ?? '').trim();
  const faults: RowFault[] = [];
  const fault = (column: string, message: string) =>
    faults.push({ line, column, value: at(column).slice(0, 100), message });
  const soldOn = dayOf(at('sold_on'));
  const pricePaise = parsePaise(at('price').replace(/^(₹|Rs\.?|INR)\s*/i, ''));
  const armsLength = at('arms_length') === '' ? true : words[at('arms_length').toLowerCase()];
  if (!at('property')) fault('property', 'The property number is missing.');
  if (!at('document')) fault('document', 'The number of the registered document is missing.');
  if (!soldOn) fault('sold_on', 'Expected a day, as 2025-11-30 or 30-11-2025.');
  else if (soldOn > today) fault('sold_on', 'The day lies in the future.');
  if (pricePaise === null) fault('price', 'Expected an amount in rupees, with at most two decimals.');
  else if (pricePaise <= 0n) fault('price', 'A price is more than nothing. A gift is no sale: leave it out.');
  if (armsLength === undefined) fault('arms_length', 'Expected yes or no.');
  if (armsLength === false && !at('reason'))
    fault('reason', 'Say why the sale was not at arm’s length, as: between relatives.');
  if (faults.length || !soldOn || pricePaise === null || armsLength === undefined) return { faults };
  const sale = { line, number: at('property'), soldOn, pricePaise, document: at('document'), armsLength };
  return { sale: { ...sale, reason: at('reason') || null } };
}

function dayOf(text: string): string | null {
  const indian = /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})$/.exec(text);
  const day = indian ? `${indian[3]}-${indian[2]?.padStart(2, '0')}-${indian[1]?.padStart(2, '0')}` : text;
  return isDay(day) ? day : null;
}
