import type { Interval } from './interval.js';

/** Exponents of money, area and year: a rate per area is `[1, -1, 0]`. */
export type Dimension = readonly [money: number, area: number, year: number];

export const NONE: Dimension = [0, 0, 0];
export const MONEY: Dimension = [1, 0, 0];
export const AREA: Dimension = [0, 1, 0];
export const YEAR: Dimension = [0, 0, 1];

/**
 * A number without a dimension of its own (a constant) has `dimension: null` and takes that of its partner.
 */
export interface NumberType {
  readonly kind: 'number';
  readonly dimension: Dimension | null;
  readonly range: Interval;
}

export interface CodeType {
  readonly kind: 'code';
  readonly codes: readonly string[];
}

export type Type = NumberType | CodeType | { readonly kind: 'boolean' } | { readonly kind: 'date' };

export const BOOLEAN: Type = { kind: 'boolean' };
export const DATE: Type = { kind: 'date' };

export function sameDimension(a: Dimension, b: Dimension): boolean {
  return a.every((exponent, i) => exponent === b[i]);
}

export function dimensionOfProduct(a: Dimension | null, b: Dimension | null, sign: 1 | -1): Dimension | null {
  if (a === null && b === null) return null;
  const [x, y] = [a ?? NONE, b ?? NONE];
  return [x[0] + sign * y[0], x[1] + sign * y[1], x[2] + sign * y[2]];
}

const NAMES = ['money', 'area', 'year'];

/** `money/area`, `money*year`, or `a plain number`. */
export function describeDimension(dimension: Dimension | null): string {
  if (dimension === null || sameDimension(dimension, NONE)) return 'a plain number';
  const power = (exponent: number, i: number) => Array<string>(Math.abs(exponent)).fill(NAMES[i]!);
  const above = dimension.flatMap((e, i) => (e > 0 ? power(e, i) : []));
  const below = dimension.flatMap((e, i) => (e < 0 ? power(e, i) : []));
  return [above.join('*') || '1', ...below].join('/');
}

/**
 * Reads what a table's `unit` may say: `money`, `money/area`, `percent`, `factor` ...; null when it is none
 * of these.
 */
export function parseDimension(text: string): Dimension | null {
  if (['percent', 'factor', 'number'].includes(text)) return NONE;
  const [above, below, ...rest] = text.split('/');
  const find = (name: string | undefined) => [MONEY, AREA, YEAR][NAMES.indexOf(name ?? '')];
  const top = above === '1' ? NONE : find(above);
  if (!top || rest.length > 0) return null;
  if (below === undefined) return top;
  const bottom = find(below);
  return bottom ? dimensionOfProduct(top, bottom, -1) : null;
}

export function describeType(type: Type): string {
  if (type.kind !== 'number')
    return type.kind === 'code' ? `a code of ${type.codes.length} values` : `a ${type.kind}`;
  return describeDimension(type.dimension);
}
