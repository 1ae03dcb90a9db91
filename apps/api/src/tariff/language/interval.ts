import { add, compare, multiply, negate, ZERO, type Decimal } from './decimal.js';

/**
 * The values that a number can take, both ends included; null is no bound. Used to prove coverage and
 * divisors.
 */
export interface Interval {
  readonly min: Decimal | null;
  readonly max: Decimal | null;
}

export const ANY: Interval = { min: null, max: null };
export const NOT_NEGATIVE: Interval = { min: ZERO, max: null };

export function point(value: Decimal): Interval {
  return { min: value, max: value };
}

export function contains(interval: Interval, value: Decimal): boolean {
  return (
    (interval.min === null || compare(interval.min, value) <= 0) &&
    (interval.max === null || compare(interval.max, value) >= 0)
  );
}

export function covers(outer: Interval, inner: Interval): boolean {
  const low = outer.min === null || (inner.min !== null && compare(outer.min, inner.min) <= 0);
  const high = outer.max === null || (inner.max !== null && compare(outer.max, inner.max) >= 0);
  return low && high;
}

export function isNotNegative(interval: Interval): boolean {
  return interval.min !== null && compare(interval.min, ZERO) >= 0;
}

const smaller = (a: Decimal, b: Decimal) => (compare(a, b) <= 0 ? a : b);
const larger = (a: Decimal, b: Decimal) => (compare(a, b) >= 0 ? a : b);

/** The interval that holds both. */
export function hull(a: Interval, b: Interval): Interval {
  return {
    min: a.min && b.min && smaller(a.min, b.min),
    max: a.max && b.max && larger(a.max, b.max),
  };
}

export function plus(a: Interval, b: Interval): Interval {
  return { min: a.min && b.min && add(a.min, b.min), max: a.max && b.max && add(a.max, b.max) };
}

export function minus(a: Interval): Interval {
  return { min: a.max && negate(a.max), max: a.min && negate(a.min) };
}

export function times(a: Interval, b: Interval): Interval {
  if (isNotNegative(a) && isNotNegative(b)) {
    return { min: multiply(a.min!, b.min!), max: a.max && b.max && multiply(a.max, b.max) };
  }
  if (!a.min || !a.max || !b.min || !b.max) return ANY;
  const products = [
    multiply(a.min, b.min),
    multiply(a.min, b.max),
    multiply(a.max, b.min),
    multiply(a.max, b.max),
  ];
  return { min: products.reduce(smaller), max: products.reduce(larger) };
}

/** Of a quotient only the sign is known. */
export function quotient(a: Interval, b: Interval): Interval {
  return isNotNegative(a) && isNotNegative(b) ? NOT_NEGATIVE : ANY;
}

export function leastOf(a: Interval, b: Interval): Interval {
  return {
    min: a.min && b.min && smaller(a.min, b.min),
    max: a.max && b.max ? smaller(a.max, b.max) : (a.max ?? b.max),
  };
}

export function greatestOf(a: Interval, b: Interval): Interval {
  return minus(leastOf(minus(a), minus(b)));
}

/** What is left after rounding to a multiple of `to` in either direction; rounding never changes a sign. */
export function rounded(interval: Interval, to: Decimal): Interval {
  const min = interval.min && add(interval.min, negate(to));
  return {
    min: min && isNotNegative(interval) ? larger(min, ZERO) : min,
    max: interval.max && add(interval.max, to),
  };
}
