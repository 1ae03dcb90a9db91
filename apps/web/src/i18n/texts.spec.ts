import { describe, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const source = join(process.cwd(), 'apps/web/src');

function flat(node: object, prefix = ''): Record<string, string> {
  return Object.fromEntries(
    Object.entries(node).flatMap(([name, value]) =>
      typeof value === 'string' ? [[prefix + name, value]] : Object.entries(flat(value, `${prefix}${name}.`)),
    ),
  );
}

const read = (language: string): Record<string, string> =>
  flat(JSON.parse(readFileSync(join(source, `i18n/${language}.json`), 'utf8')) as object);
const [en, hi, mr] = [read('en'), read('hi'), read('mr')];
const others = [
  ['Hindi', hi],
  ['Marathi', mr],
] as const;

const placeholders = (text: string): string[] =>
  [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name ?? '').sort();
/** Texts of placeholders, figures and signs alone are the same in every language. */
const hasWords = (text: string): boolean => /[a-z]/i.test(text.replace(/\{\{\w+\}\}/g, ''));

describe('texts in three languages', () => {
  test.each(others)('%s has exactly the keys of English', (_language, texts) => {
    expect(Object.keys(texts).sort()).toEqual(Object.keys(en).sort());
  });

  test.each(others)('%s says every text in Devanagari', (_language, texts) => {
    const english = Object.entries(texts).filter(
      ([key, text]) => hasWords(en[key] ?? '') && !/[\u0900-\u097f]/.test(text),
    );
    expect(english).toEqual([]);
  });

  test.each(others)('%s fills in the same figures as English', (_language, texts) => {
    const different = Object.keys(en).filter(
      (key) => `${placeholders(en[key] ?? '')}` !== `${placeholders(texts[key] ?? '')}`,
    );
    expect(different).toEqual([]);
  });

  test('every text that a page asks for by its name exists', () => {
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /(?<!spec)\.tsx?$/.test(file),
    );
    const asked = files.flatMap((file) =>
      [...readFileSync(join(source, file), 'utf8').matchAll(/\bt\(\s*'([^']+)'/g)].map(
        ([, key]) => key ?? '',
      ),
    );
    const missing = [...new Set(asked)].filter((key) => !(key in en) && !(`${key}_other` in en));
    expect(asked.length).toBeGreaterThan(80);
    expect(missing).toEqual([]);
  });
});
