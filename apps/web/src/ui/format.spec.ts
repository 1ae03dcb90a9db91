import { describe, expect, test } from '@jest/globals';
import { area, count, day, dayAndTime, duration, financialYears, rupees, rupeesWithSign } from './format.js';

describe('figures on the screen', () => {
  test('an amount is grouped in thousands, lakhs and crores with two decimals', () => {
    expect(rupees('123456700')).toBe('12,34,567.00');
    expect(rupeesWithSign('-5')).toBe('-₹0.05');
    expect(rupees(null)).toBe('–');
  });

  test('a count and an area are grouped the Indian way', () => {
    expect(count(1234567)).toBe('12,34,567');
    expect(area('1234567.5')).toBe('12,34,567.50\u00a0m²');
  });

  test('a day is written with its month as a word, in digits that offices use', () => {
    expect(day('2026-11-22', 'en')).toBe('22 Nov 2026');
    expect(day('2026-11-22', 'hi')).toMatch(/^22 [\u0900-\u097f]+ 2026$/);
    expect(day('2026-11-22', 'mr')).toMatch(/^22 [\u0900-\u097f]+ 2026$/);
  });

  test('an instant is shown in the time of India', () => {
    expect(dayAndTime('2026-11-22T20:00:00Z', 'en')).toBe('23 Nov 2026, 01:30');
  });

  test('a financial year begins on the first of April in India', () => {
    expect(financialYears(new Date('2027-03-31T18:00:00Z'), 2)).toEqual(['2027-28', '2026-27']);
    expect(financialYears(new Date('2027-03-31T19:00:00Z'), 2)).toEqual(['2028-29', '2027-28']);
  });

  test('a time left is told in seconds, minutes or hours', () => {
    expect([duration(9.4), duration(80), duration(7_260)]).toEqual(['9 s', '1 min 20 s', '2 h 1 min']);
  });
});
