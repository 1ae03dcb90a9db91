import { describe, expect, test } from '@jest/globals';
import { classOfBin, percentChange, plainDecimal, signedRupees, stepOf } from './amounts.js';

describe('amounts of a simulation', () => {
  test('a change is told in per cent with one decimal, half away from nothing', () => {
    expect(percentChange('10000', '10423')).toBe('+4.2 %');
    expect(percentChange('10000', '9995')).toBe('−0.1 %');
    expect(percentChange('10000', '10000')).toBe('0.0 %');
    expect(percentChange('0', '500')).toBe('–');
    expect(percentChange('0', '0')).toBe('0.0 %');
  });

  test('a change in rupees bears its sign and Indian grouping', () => {
    expect(signedRupees('123456749')).toBe('+₹12,34,567');
    expect(signedRupees('-123456750')).toBe('−₹12,34,568');
    expect(signedRupees('-49')).toBe('₹0');
  });

  test('bins of the histogram have the colours of the map', () => {
    expect([-20, -11, -10, -6, -5, -3, -2, -1].map(classOfBin)).toEqual([0, 0, 1, 1, 2, 2, 3, 3]);
    expect([0, 1, 2, 4, 5, 9, 10, 20].map(classOfBin)).toEqual([5, 5, 6, 6, 7, 7, 8, 8]);
  });

  test('a stepper moves a rate by one and a factor by its last place', () => {
    expect(['12', '0.75', '1', '1250', '0'].map(stepOf)).toEqual([1, 0.01, 0.05, 10, 1]);
    expect(plainDecimal(0.1 + 0.2)).toBe('0.3');
    expect(plainDecimal(13)).toBe('13');
  });
});
