import { describe, expect, it } from '@jest/globals';
import { formatShare, missingShare, parseShare } from './share.js';

const read = (text: string) => {
  const share = parseShare(text);
  return share === null ? null : formatShare(share);
};

describe('a share', () => {
  it.each([
    ['1', '1.00000000'],
    ['1/3', '0.33333333'],
    ['2/3', '0.66666667'],
    ['0.25', '0.25000000'],
    ['33.5%', '0.33500000'],
    ['100 %', '1.00000000'],
  ])('is read from %s', (text, share) => expect(read(text)).toBe(share));

  it.each(['', '0', '0/4', '1/0', '5/4', '101%', '1.5', '-0.5', 'half', '0.000000001'])(
    'is not read from "%s"',
    (text) => expect(read(text)).toBeNull(),
  );
});

describe('shares', () => {
  const missing = (...texts: string[]) => missingShare(texts.map((text) => parseShare(text)!));
  it('of three thirds, seven sevenths and a whole make one', () => {
    expect([missing('1/3', '1/3', '1/3'), missing(...Array<string>(7).fill('1/7')), missing('1')]).toEqual([
      0n,
      0n,
      0n,
    ]);
  });
  it('that make less or more tell by how much', () => {
    expect(missing('1/2', '0.4')).toBe(10_000_000n);
    expect(missing('1/2', '60%')).toBe(-10_000_000n);
    expect(missing()).toBe(100_000_000n);
  });
});
