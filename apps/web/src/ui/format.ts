import { formatPaise } from '../../../api/src/core/money.js';
import { financialYearOf, formatFinancialYear } from '../../../api/src/core/period.js';

type Label = { en: string; hi: string; mr: string };

/** `12,34,567.00` from whole paise; a dash where there is no amount. */
export function rupees(amountPaise: string | number | null | undefined): string {
  return amountPaise === null || amountPaise === undefined ? '–' : formatPaise(BigInt(amountPaise));
}

/** `₹12,34,567.00`, for a figure that stands alone. */
export function rupeesWithSign(amountPaise: string | number | null | undefined): string {
  const amount = rupees(amountPaise);
  return amount === '–' ? amount : amount.startsWith('-') ? `-₹${amount.slice(1)}` : `₹${amount}`;
}

/**
 * `12,34,567`: a whole number with Indian grouping, in the digits that offices use in all three languages.
 */
export function count(value: string | number | null | undefined): string {
  return value === null || value === undefined ? '–' : new Intl.NumberFormat('en-IN').format(BigInt(value));
}

/** `1,234.50 m²`: two decimals, as an area is written on paper. */
export function area(squareMetres: string | number | null | undefined): string {
  const text = decimal(squareMetres, 2);
  return text === '–' ? text : `${text}\u00a0m²`;
}

/** A decimal number with Indian grouping and so many places. */
export function decimal(value: string | number | null | undefined, places: number): string {
  if (value === null || value === undefined || value === '') return '–';
  return new Intl.NumberFormat('en-IN', {
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  }).format(Number(value));
}

const locales: Record<string, string> = { en: 'en-IN', hi: 'hi-IN-u-nu-latn', mr: 'mr-IN-u-nu-latn' };

/** `22 Nov 2026` from a day or an instant, in India's time. */
export function day(text: string | null | undefined, language: string): string {
  if (!text) return '–';
  const instant = new Date(text.length === 10 ? `${text}T00:00:00+05:30` : text);
  const parts = new Intl.DateTimeFormat(locales[language] ?? 'en-IN', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: 'Asia/Kolkata',
  }).formatToParts(instant);
  const part = (type: string) => parts.find((each) => each.type === type)?.value.replace(/[.॰]$/, '') ?? '';
  return `${part('day')} ${part('month')} ${part('year')}`;
}

/** `22 Nov 2026, 14:05`. */
export function dayAndTime(text: string | null | undefined, language: string): string {
  if (!text) return '–';
  const time = new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'Asia/Kolkata',
  });
  return `${day(text, language)}, ${time.format(new Date(text))}`;
}

/** `1 min 20 s`, in units that need no translation. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60
    ? `${minutes} min ${whole % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** The word in the person's language, from a label in three or from plain text. */
export function word(label: Label | string | null | undefined, language: string): string {
  if (!label) return '';
  return typeof label === 'string' ? label : (label[language as keyof Label] ?? label.en);
}

/** Financial years to choose from: next year, this one and those before it. */
export function financialYears(today: Date, howMany = 4): string[] {
  const current = financialYearOf(new Date(today.getTime() + 5.5 * 3_600_000).toISOString().slice(0, 10));
  return Array.from({ length: howMany }, (_, index) => formatFinancialYear(current + 1 - index));
}
