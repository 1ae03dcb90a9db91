/** Money is whole paise in a bigint. No float touches an amount. */

/** `12,34,567.00`: rupees with Indian grouping from whole paise. */
export function formatPaise(amountPaise: bigint): string {
  const sign = amountPaise < 0n ? '-' : '';
  const absolute = amountPaise < 0n ? -amountPaise : amountPaise;
  const rupees = (absolute / 100n).toString();
  const paise = (absolute % 100n).toString().padStart(2, '0');
  const head = rupees.slice(0, -3).replace(/\B(?=(\d{2})+$)/g, ',');
  return `${sign}${head ? `${head},` : ''}${rupees.slice(-3)}.${paise}`;
}

/**
 * Whole paise from a decimal amount in rupees such as `1234.50` or `1,234.5`.
 * Returns null for anything else, also for a third decimal: an amount is never rounded on the way in.
 */
export function parsePaise(rupees: string): bigint | null {
  const match = /^(-?)(\d{1,15})(?:\.(\d{1,2}))?$/.exec(rupees.trim().replace(/,/g, ''));
  if (!match) return null;
  const amount = BigInt(match[2] ?? '0') * 100n + BigInt((match[3] ?? '').padEnd(2, '0'));
  return match[1] ? -amount : amount;
}
