import { describe, expect, it } from '@jest/globals';
import { FeatureScanner } from './feature-scanner.js';
import { NotPlain } from './not-plain.js';

function scan(text: string, size: number): { features: string[]; rest: Record<string, unknown> } {
  const bytes = Buffer.from(text);
  const scanner = new FeatureScanner(1_000);
  const features: string[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    features.push(...scanner.take(bytes.subarray(at, at + size)).map(String));
  }
  return { features, rest: scanner.rest() };
}

const collection = (list: string, before = '', after = '') =>
  `{"type":"FeatureCollection",${before}"features": [${list}]${after}}`;

describe('a collection cut into features', () => {
  it('is cut alike wherever the stream is cut, also within a brace, a quote or a letter of two bytes', () => {
    const list = ['{"a":{"b":"}]\\"{"}}', '{"n":"सागर \\\\"}', '{}'];
    const text = collection(list.join(' ,\n'), '"name":"x",', ',"bbox":[1,2,3,4]');
    for (let size = 1; size <= text.length + 20; size += 1) {
      const found = scan(text, size);
      expect(found.features).toEqual(list);
      expect(found.rest).toMatchObject({ type: 'FeatureCollection', name: 'x', bbox: [1, 2, 3, 4] });
    }
  });

  it('may hold no feature', () => {
    expect(scan(collection(' \n'), 5).features).toEqual([]);
  });

  it.each([
    ['two features without a comma', collection('{}{}')],
    ['a comma too many', collection('{},')],
    ['a comma first', collection(',{}')],
    ['a number between features', collection('{},1')],
    ['a text between features', collection('"{}"')],
    ['a list that never ends', '{"type":"FeatureCollection","features":[{}'],
    ['a feature that never ends', '{"type":"FeatureCollection","features":[{"a":'],
    ['no list of features', '{"type":"FeatureCollection"}'],
    ['something behind the end', `${collection('{}')} {}`],
    ['a feature above the limit of bytes', collection(`{"a":"${'x'.repeat(2_000)}"}`)],
  ])('is left to the general reader when it has %s', (_, text) => {
    for (const size of [1, 7, 10_000]) {
      // A feature that arrives whole is held in memory already; the limit is for one that keeps coming.
      if (text.includes('xxx') && size > text.length) continue;
      expect(() => scan(text, size)).toThrow(NotPlain);
    }
  });
});
