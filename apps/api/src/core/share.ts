/** Shares of ownership are counted in hundred-millionths, the last place that the roll keeps. */
const whole = 100_000_000n;

/**
 * A share as somebody writes it (`1/3`, `33.5%`, `0.25`) in hundred-millionths, rounded to the nearest; null where
 * it is none, is nothing, or is more than the whole.
 */
export function parseShare(text: string): bigint | null {
  const trimmed = text.trim();
  const fraction = /^(\d{1,6})\s*\/\s*(\d{1,6})$/.exec(trimmed);
  if (fraction) return within(BigInt(fraction[1]!) * whole, BigInt(fraction[2]!));
  const decimal = /^(\d{1,3})(?:\.(\d{1,12}))?\s*(%?)$/.exec(trimmed);
  if (!decimal) return null;
  const places = decimal[2] ?? '';
  const parts = BigInt(decimal[1]! + places) * whole;
  return within(parts, 10n ** BigInt(places.length) * (decimal[3] ? 100n : 1n));
}

function within(numerator: bigint, denominator: bigint): bigint | null {
  if (denominator === 0n) return null;
  const share = (numerator * 2n + denominator) / (denominator * 2n);
  return share > 0n && share <= whole ? share : null;
}

/** `0.33333333` from hundred-millionths. */
export function formatShare(share: bigint): string {
  return `${share / whole}.${(share % whole).toString().padStart(8, '0')}`;
}

/**
 * How far shares are from the whole, in hundred-millionths; 0 where they make one. Each may be off by half of the
 * last place, so that three thirds make one.
 */
export function missingShare(shares: readonly bigint[]): bigint {
  const missing = whole - shares.reduce((sum, share) => sum + share, 0n);
  const slack = BigInt(shares.length);
  return missing * 2n <= slack && missing * -2n <= slack ? 0n : missing;
}
