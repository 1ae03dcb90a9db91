import type { Label } from '../api/types.js';
import type { Fault, YamlPath, YamlValue } from '../api/tariffs.js';

/** Reads a tariff's data for the screen. A draft may hold anything, so that nothing is taken for granted. */

export type Data = { [key: string]: YamlValue };

export const mapOf = (value: YamlValue | undefined | null): Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
export const listOf = (value: YamlValue | undefined | null): YamlValue[] =>
  Array.isArray(value) ? value : [];
export const textOf = (value: YamlValue | undefined | null): string =>
  typeof value === 'string' ? value : '';

/** A value below keys and indexes, or undefined. */
export function at(value: YamlValue | undefined, ...path: YamlPath): YamlValue | undefined {
  return path.reduce<YamlValue | undefined>(
    (held, step) => (typeof step === 'number' ? listOf(held)[step] : mapOf(held)[step]),
    value,
  );
}

/** The label in three languages that a step or head has, as far as it does. */
export function labelOf(value: YamlValue | undefined): Label | null {
  const { en, hi, mr } = mapOf(value);
  const words = textOf(en);
  return words ? { en: words, hi: textOf(hi) || words, mr: textOf(mr) || words } : null;
}

/** A cell as a person reads and types it: a list of codes with commas between. */
export function cellText(value: YamlValue | undefined): string {
  return Array.isArray(value) ? value.map((each) => textOf(each)).join(', ') : textOf(value);
}

/** A cell as the file holds it: several codes are a list. A value, and a range, is one text. */
export function cellValue(text: string, isCode: boolean): YamlValue {
  const trimmed = text.trim();
  if (!isCode || !trimmed.includes(',')) return trimmed;
  return trimmed
    .split(',')
    .map((code) => code.trim())
    .filter(Boolean);
}

export const samePath = (a: YamlPath, b: YamlPath): boolean =>
  a.length === b.length && a.every((step, i) => step === b[i]);

export const isBelow = (path: YamlPath, root: YamlPath): boolean => root.every((step, i) => path[i] === step);

/** The faults at a place or below it. */
export const faultsAt = (faults: readonly Fault[], root: YamlPath): Fault[] =>
  faults.filter(({ path }) => isBelow(path, root));

/** What steps of the property and heads are called, by their names: cases expect them, and the check tells of them. */
export function labelsOf(content: Data, language: string): ReadonlyMap<string, string> {
  const items = [
    ...listOf(at(content, 'steps', 'property')),
    ...listOf(content['heads']),
    ...listOf(content['rebates']),
  ];
  return new Map(
    items.flatMap((item) => {
      const label = labelOf(mapOf(item)['label']);
      return label
        ? [[textOf(mapOf(item)['name']), label[language as keyof Label] || label.en] as const]
        : [];
    }),
  );
}
