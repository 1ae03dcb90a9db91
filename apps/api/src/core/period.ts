/** Financial years run from 1 April to 31 March and are named by both calendar years: `2026-27`. */

/** The first calendar year of a financial year such as `2026-27`, or null where the text is none. */
export function parseFinancialYear(text: string): number | null {
  const match = /^(\d{4})-(\d{2})$/.exec(text);
  if (!match) return null;
  const start = Number(match[1]);
  return (start + 1) % 100 === Number(match[2]) && start >= 1950 && start <= 2200 ? start : null;
}

/** `2026-27` from 2026. */
export function formatFinancialYear(start: number): string {
  return `${start}-${String((start + 1) % 100).padStart(2, '0')}`;
}

/** The financial year in which a day (`YYYY-MM-DD`) lies, as its first calendar year. */
export function financialYearOf(day: string): number {
  const year = Number(day.slice(0, 4));
  return Number(day.slice(5, 7)) >= 4 ? year : year - 1;
}

/** First day of a financial year as `YYYY-04-01`. */
export function financialYearStart(start: number): string {
  return `${start}-04-01`;
}

/** True for a day that exists, written `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const instant = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(text);
}

/** The calendar day of an instant in India (UTC+05:30 all year), as `YYYY-MM-DD`. */
export function dayInIndia(instant: Date): string {
  return new Date(instant.getTime() + 5.5 * 3_600_000).toISOString().slice(0, 10);
}
