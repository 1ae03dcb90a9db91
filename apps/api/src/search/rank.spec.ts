import { describe, expect, it } from '@jest/globals';
import { distance, likeness } from './rank.js';

describe('the distance of two words', () => {
  it('counts letters changed, added and left out', () => {
    expect([distance('sharma', 'sharma'), distance('misra', 'mishra'), distance('abc', '')]).toEqual([
      0, 1, 3,
    ]);
  });
});

describe('the likeness of what is typed and what is written', () => {
  it('is whole for the same words in another order', () =>
    expect(likeness('Ram Sharma', 'sharma RAM')).toBe(1));
  it('is greater for the nearer spelling', () => {
    expect(likeness('mishra', 'Mishra')).toBeGreaterThan(likeness('mishra', 'Misra'));
  });
  it('sees a word that is still being typed', () => expect(likeness('trip', 'Tripathi')).toBe(0.9));
});
