import { count } from '../ui/format.js';

/** `+4.2 %`: how far `after` is from `before`, both whole paise as text; a dash where there was nothing. */
export function percentChange(before: string, after: string): string {
  const [from, to] = [BigInt(before), BigInt(after)];
  if (from === 0n) return to === 0n ? '0.0 %' : '–';
  const tenths = ((to - from) * 10_000n) / from;
  const rounded = (tenths + (tenths < 0n ? -5n : 5n)) / 10n;
  const sign = rounded < 0n ? '−' : rounded > 0n ? '+' : '';
  const size = rounded < 0n ? -rounded : rounded;
  return `${sign}${count(String(size / 10n))}.${size % 10n} %`;
}

/** `+1,234` or `−1,234`: whole rupees with their sign, which is what a change of a sum is read by. */
export function signedRupees(paise: string): string {
  const amount = BigInt(paise);
  const size = amount < 0n ? -amount : amount;
  const rupees = (size + 50n) / 100n;
  const sign = rupees === 0n ? '' : amount < 0n ? '−' : '+';
  return `${sign}₹${count(String(rupees))}`;
}

/** `₹1,234`: whole rupees. */
export const wholeRupees = (paise: string): string => signedRupees(paise).replace('+', '');

/** The same without the sign of the rupee, for a column whose head bears it. */
export const plainRupees = (paise: string): string => wholeRupees(paise).replace('₹', '');
export const signedPlain = (paise: string): string => signedRupees(paise).replace('₹', '');

/** The class of change of a bin of five per cent, as the map colours it. */
export function classOfBin(bin: number): number {
  if (bin < 0) return bin < -10 ? 0 : bin < -5 ? 1 : bin < -2 ? 2 : 3;
  return bin < 2 ? 5 : bin < 5 ? 6 : bin < 10 ? 7 : 8;
}

/** How far one press of a stepper moves a value: the last place that it is written with, or a sensible part of it. */
export function stepOf(value: string): number {
  const places = value.split('.')[1]?.length ?? 0;
  if (places > 0) return 10 ** -places;
  const size = Math.abs(Number(value));
  return size >= 10_000 ? 100 : size >= 1_000 ? 10 : size > 0 && size < 2 ? 0.05 : 1;
}

/** Where a slider for a value begins and ends: nothing to twice the value. */
export function reachOf(value: string): [least: number, most: number] {
  const size = Math.abs(Number(value));
  return [0, size === 0 ? 100 : size * 2];
}

/** A number as plain decimal text, without the noise of binary fractions. */
export function plainDecimal(value: number): string {
  return value.toFixed(4).replace(/\.?0+$/, '');
}
