import { describe, expect, it } from '@jest/globals';
import { sameFigure } from './typed-figure.js';

describe('a typed figure', () => {
  it.each([
    ['3,41,22,870.00', true],
    ['34122870', true],
    ['₹ 341,22,870.00', true],
    ['34122870.5', false],
    ['3412287', false],
    ['', false],
    ['.00', false],
  ])('%s for 3,41,22,870.00 is the same: %s', (typed, same) => {
    expect(sameFigure(typed, '3,41,22,870.00')).toBe(same);
  });

  it('of nothing must be typed as well', () => {
    expect([sameFigure('0', '0'), sameFigure('', '0')]).toEqual([true, false]);
  });
});
