import { FormulaFault } from '../file/fault.js';
import type { RoundRule } from '../file/schema.js';
import { compare, decimal, formatDecimal, reciprocal, ZERO } from './decimal.js';

/** A constant as exact numeric, whatever its notation: plain `1/4` is 0 in SQL. */
export function sqlNumber(text: string): string {
  const plain = formatDecimal(decimal(text));
  return plain.startsWith('-') ? `(${plain}::numeric)` : `${plain}::numeric`;
}

/** Text as an SQL constant. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Throws when the rule cannot be carried out exactly: `to` must be positive and its reciprocal must end. */
export function checkRound(rule: RoundRule): void {
  const to = decimal(rule.to);
  if (compare(to, ZERO) <= 0 || reciprocal(to) === null) {
    throw new FormulaFault(
      'value',
      rule.to,
      `Rounding to a multiple of ${rule.to} is not exact in decimals.`,
      'Use 0.01, 0.05, 0.1, 0.5, 1, 5, 10 ... .',
    );
  }
}

/**
 * Rounds an SQL number to a multiple of `to`. half_up goes away from zero at a tie, half_even to the even
 * multiple, up towards plus infinity, down towards minus infinity. All are exact: the quotient is a product
 * with a finite reciprocal.
 */
export function roundSql(value: string, rule: RoundRule): string {
  const to = decimal(rule.to);
  if (rule.mode === 'half_up') {
    const digits = decimalPlaces(rule.to);
    if (digits !== null) return `round(${value}, ${digits})`;
  }
  const factor = sqlNumber(formatDecimal(reciprocal(to)!));
  const unit = sqlNumber(rule.to);
  const scaled = formatDecimal(to) === '1' ? `(${value})` : `((${value}) * ${factor})`;
  const whole = wholeSql(scaled, rule.mode);
  return formatDecimal(to) === '1' ? whole : `(${whole} * ${unit})`;
}

function wholeSql(scaled: string, mode: RoundRule['mode']): string {
  if (mode === 'up') return `ceil(${scaled})`;
  if (mode === 'down') return `floor(${scaled})`;
  if (mode === 'half_up') return `round(${scaled}, 0)`;
  const even = `(round(${scaled} * 0.5, 0) * 2::numeric)`;
  return `(CASE WHEN ${scaled} - floor(${scaled}) = 0.5 THEN ${even} ELSE round(${scaled}, 0) END)`;
}

/** 1 gives 0, 0.01 gives 2, 10 gives -1; null when `to` is no power of ten. */
function decimalPlaces(to: string): number | null {
  const plain = formatDecimal(decimal(to));
  const fraction = /^0\.(0*)1$/.exec(plain);
  if (fraction) return fraction[1]!.length + 1;
  const whole = /^1(0*)$/.exec(plain);
  return whole ? -whole[1]!.length : null;
}
