/**
 * An exact decimal: `digits / 10^scale`. The checks of a tariff compare bounds and shares with it, never with
 * floats.
 */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

const DECIMAL = /^([+-]?)(\d{1,30})(?:\.(\d{1,20}))?$/;
/** A quotient that has not ended after this many digits is treated as endless. */
const LONGEST_RECIPROCAL = 40;

export const ZERO: Decimal = { digits: 0n, scale: 0 };
export const ONE: Decimal = { digits: 1n, scale: 0 };

/** Reads `-12.50`; null for anything else, also for exponents and more than 30 whole or 20 decimal digits. */
export function parseDecimal(text: string): Decimal | null {
  const match = DECIMAL.exec(text);
  if (!match) return null;
  const fraction = match[3] ?? '';
  const digits = BigInt(`${match[2]}${fraction}`);
  return { digits: match[1] === '-' ? -digits : digits, scale: fraction.length };
}

/**
 * A decimal that the program itself writes down; throws on a malformed one, which is a mistake of the
 * program.
 */
export function decimal(text: string): Decimal {
  const parsed = parseDecimal(text);
  if (!parsed) throw new Error(`not a decimal: ${text}`);
  return parsed;
}

/** The shortest plain notation, without trailing zeros. */
export function formatDecimal(value: Decimal): string {
  const sign = value.digits < 0n ? '-' : '';
  const text = (value.digits < 0n ? -value.digits : value.digits).toString().padStart(value.scale + 1, '0');
  const whole = text.slice(0, text.length - value.scale);
  const fraction = text.slice(text.length - value.scale).replace(/0+$/, '');
  return `${sign}${whole}${fraction && `.${fraction}`}`;
}

function aligned(a: Decimal, b: Decimal): [bigint, bigint, number] {
  const scale = Math.max(a.scale, b.scale);
  const lift = (d: Decimal) => d.digits * 10n ** BigInt(scale - d.scale);
  return [lift(a), lift(b), scale];
}

/** Negative, zero or positive as `a` is less than, equal to or greater than `b`. */
export function compare(a: Decimal, b: Decimal): number {
  const [x, y] = aligned(a, b);
  return x < y ? -1 : x > y ? 1 : 0;
}

export function add(a: Decimal, b: Decimal): Decimal {
  const [x, y, scale] = aligned(a, b);
  return { digits: x + y, scale };
}

export function negate(a: Decimal): Decimal {
  return { digits: -a.digits, scale: a.scale };
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return { digits: a.digits * b.digits, scale: a.scale + b.scale };
}

/** `1 / a` where it ends (100 gives 0.01), null where it does not (3) or where `a` is zero. */
export function reciprocal(a: Decimal): Decimal | null {
  if (a.digits === 0n) return null;
  let rest = 10n ** BigInt(a.scale);
  for (let scale = 0; scale <= LONGEST_RECIPROCAL; scale += 1, rest *= 10n) {
    if (rest % a.digits === 0n) return { digits: rest / a.digits, scale };
  }
  return null;
}
