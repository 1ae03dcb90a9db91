import { isDay } from '../../../../api/src/core/period.js';

/** A day as clerks type it, `1-4-2026`, `01/04/26`, `1.4.2026` or `2026-04-01`, as `YYYY-MM-DD`; null where it is none. */
export function parseDay(typed: string): string | null {
  const given = typed.trim();
  if (isDay(given)) return given;
  const parts = /^(\d{1,2})[-./ ](\d{1,2})[-./ ](\d{2}|\d{4})$/.exec(given);
  if (!parts) return null;
  const [, day = '', month = '', year = ''] = parts;
  const whole = `${year.length === 2 ? `20${year}` : year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDay(whole) ? whole : null;
}

/** `01-04-2026`, the way in which offices write a day. */
export function writeDay(day: string): string {
  return day.split('-').reverse().join('-');
}
