import type { TFunction } from 'i18next';
import type { Fact } from './facts.js';
import { area, count, day, dayAndTime, decimal, word } from './format.js';

interface Column {
  name: string;
  type: string;
  label: { en: string; hi: string; mr: string };
  codes?: Record<string, { en: string; hi: string; mr: string }>;
  unit?: string;
}
interface DescribedLayer {
  columns: Column[];
  nameColumn: string;
  numberColumn: string;
}
interface DescribedFeature {
  attributes: Record<string, unknown>;
}

/** A value as its column's type, unit and codes say it is written. */
export function valueWords(
  { type, codes, unit }: Column,
  value: unknown,
  language: string,
  t: TFunction,
): string {
  if (value === null || value === undefined || value === '') return '';
  if (codes) return word(codes[String(value)] ?? String(value), language);
  if (unit === 'm2') return area(value as string);
  if (type === 'numeric') return decimal(value as string, 2) + (unit ? `\u00a0${unit}` : '');
  if (type === 'integer' && unit) return `${count(value as string)}\u00a0${unit}`;
  if (type === 'boolean') return t(value ? 'word.yes' : 'word.no');
  if (type === 'date') return day(String(value), language);
  if (type === 'timestamp') return dayAndTime(String(value), language);
  return String(value);
}

/** What a person calls the feature: its name in his script, else its number. */
export function featureTitle(
  { nameColumn, numberColumn }: DescribedLayer,
  feature: DescribedFeature,
  language: string,
  t: TFunction,
): string {
  const { attributes } = feature;
  const [name, local] = [attributes[nameColumn], attributes.name_local];
  const title = language === 'en' ? (name ?? local) : (local ?? name);
  return String(title ?? attributes[numberColumn] ?? t('word.unnamed'));
}

/** Everything known of the feature, one line a column. */
export function featureFacts(
  layer: DescribedLayer,
  feature: DescribedFeature,
  language: string,
  t: TFunction,
): Fact[] {
  return layer.columns.map((column) => [
    word(column.label, language),
    valueWords(column, feature.attributes[column.name], language, t),
  ]);
}
