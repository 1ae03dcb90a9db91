import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { minimalCollection, rule } from '../testing/minimal-collection.js';
import { minimalTariff } from '../testing/minimal-tariff.js';
import { tariffJsonSchema } from './json-schema.js';

const SCHEMA = 'tariffs/tariff.schema.json';
const stored = JSON.parse(readFileSync(SCHEMA, 'utf8')) as object;
const ajv = new Ajv2020({
  strict: true,
  allowUnionTypes: true,
  strictRequired: false,
  validateFormats: false,
});
const validate = ajv.compile(stored);
/** As an editor reads it: YAML of its own time, with numbers and booleans. */
const isValid = (yaml: string) => validate(parse(yaml));

const files = readdirSync('tariffs', { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.yaml'),
);

describe('The JSON Schema of tariff files', () => {
  it('is the one that the program reads files by; else write it anew: npm run jarib -- tariff schema', () => {
    expect(stored).toEqual(JSON.parse(JSON.stringify(tariffJsonSchema())));
  });

  it.each(files)('finds nothing wrong in %s', (name) => {
    const valid = isValid(readFileSync(join('tariffs', name), 'utf8'));
    expect({ valid, errors: validate.errors }).toEqual({ valid: true, errors: null });
  });

  it('is found by an editor from every file that names it', () => {
    const naming = files.flatMap((name) => {
      const path = join('tariffs', name);
      const line = /^# yaml-language-server: \$schema=(\S+)$/m.exec(readFileSync(path, 'utf8'));
      return line ? [resolve(dirname(path), line[1]!)] : [];
    });
    expect(naming.length).toBeGreaterThan(0);
    expect(naming.filter((path) => path !== resolve(SCHEMA))).toEqual([]);
  });

  const assessment = minimalTariff();
  const collection = minimalCollection({
    rebates: [rule('early', '0.05 * base', 'on: [tax], given: payment, when: paid_in_full')],
    charges: [rule('late', 'overdue * 0.01', 'on: [tax], account: 9')],
    appropriation: '{order: [cost, charges, arrears_oldest_first, {instalment: 1}], across_heads: rank}',
  });

  it('accepts both kinds of file, with numbers and booleans plain or in quotes', () => {
    expect([assessment, collection].map(isValid)).toEqual([true, true]);
    expect(isValid(assessment.replace('share: 1', 'share: "1"'))).toBe(true);
    expect(isValid(assessment.replace('{from: 2020-21}', '{from: 2020-21, to: null}'))).toBe(true);
  });

  it.each<[string, string, string, string]>([
    ['an unknown key', assessment, 'status: sample', 'status: sample\ncolour: red'],
    ['an unknown status', assessment, 'status: sample', 'status: draft'],
    ['an unknown kind', assessment, 'kind: assessment', 'kind: budget'],
    ['no law', assessment, 'law: "Test"', ''],
    ['a title in two languages', assessment, 'title: {en: x, hi: x, mr: x}', 'title: {en: x, hi: x}'],
    ['a year that is none', assessment, 'from: 2020-21', 'from: 2020'],
    ['a due day that is none', assessment, 'due: 09-30', 'due: end of year'],
    ['a head without an account', assessment, 'account: "13", ', ''],
    ['a mode of rounding that is none', assessment, 'mode: half_up', 'mode: nearest'],
    ['a rebate given at another time', collection, 'given: payment', 'given: receipt'],
    ['an unknown turn', collection, 'order: [cost', 'order: [fees'],
    ['heads cleared in another way', collection, 'across_heads: rank', 'across_heads: size'],
    ['a charge without an account', collection, ', account: 9', ''],
  ])('refuses %s', (_, text, from, to) => {
    expect(text).toContain(from);
    expect(isValid(text.replace(from, to))).toBe(false);
  });

  it('explains keys to who points at them', () => {
    expect(JSON.stringify(stored)).toContain('How the result is rounded');
  });
});
