import { describe, expect, test } from '@jest/globals';
import { grouped, reckoning, saysMore } from './reckoning.js';

const none = { operands: [], lookups: [] };

describe('the line that a clerk writes', () => {
  test('names and table rows are replaced by their figures', () => {
    const line = reckoning({
      formula: 'area * rate(zone, use) / 100',
      operands: [{ name: 'area', value: '1234.5' }],
      lookups: [{ table: 'rate', value: '12' }],
    });
    expect(line).toBe('1,234.5 × 12 ÷ 100');
  });

  test('one table asked twice gives each time its own row', () => {
    const line = reckoning({
      ...none,
      formula: 'rate(a) + rate(b)',
      lookups: [
        { table: 'rate', value: '3' },
        { table: 'rate', value: '4' },
      ],
    });
    expect(line).toBe('3 + 4');
  });

  test('a sum over units is one figure, whatever stands in it', () => {
    const line = reckoning({
      ...none,
      formula: 'sum(unit.annual_value * rate(unit.use)) / 100',
      operands: [{ name: 'sum(unit.annual_value * rate(unit.use))', value: '250000' }],
    });
    expect(line).toBe('2,50,000 ÷ 100');
  });

  test('a choice between cases is left as the law wrote it', () => {
    expect(reckoning({ ...none, formula: 'case when a > 1 then 2 else 3 end' })).toBeNull();
    expect(reckoning({ ...none, formula: 'greatest(area, 10)' })).toBeNull();
  });

  test('a line that only repeats the result is not worth writing', () => {
    expect(saysMore('1,200', '1200')).toBe(false);
    expect(saysMore('60 × 20', '1200')).toBe(true);
  });

  test('grouping leaves decimals as they are', () => {
    expect([grouped('1234567.25'), grouped('-999'), grouped('0.0005')]).toEqual([
      '12,34,567.25',
      '-999',
      '0.0005',
    ]);
  });
});
