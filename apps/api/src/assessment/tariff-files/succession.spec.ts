import { describe, expect, it } from '@jest/globals';
import { dayNumber, dayOfNumber, type Span, succession } from './succession.js';

const file = (from: number, to: number | null, sha256 = `${from}`): Span => ({ sha256, from, to });

describe('a file of tax law', () => {
  it.each<[string, Span[], [number, number | null], object]>([
    ['that is the only one begins the row', [], [2026, null], { kind: 'first' }],
    [
      'that begins later closes the open end of the one in force',
      [file(2020, null)],
      [2026, null],
      {
        kind: 'supersedes',
        lastOf: 2025,
      },
    ],
    [
      'may close an open end and have an end itself',
      [file(2020, null)],
      [2026, 2028],
      {
        kind: 'supersedes',
        lastOf: 2025,
      },
    ],
    ['that begins in the same year takes its place', [file(2026, null)], [2026, null], { kind: 'replaces' }],
    [
      'that begins in the same year but ends sooner would leave the rest open',
      [file(2026, null)],
      [2026, 2027],
      {
        kind: 'overlaps',
      },
    ],
    ['joins the end of a closed one', [file(2020, 2025)], [2026, null], { kind: 'joins' }],
    ['joins the start of the first', [file(2020, null)], [2018, 2019], { kind: 'joins' }],
    ['inside closed years is refused', [file(2020, 2025)], [2023, null], { kind: 'overlaps' }],
    ['that begins earlier and has no end is refused', [file(2026, null)], [2025, null], { kind: 'overlaps' }],
    [
      'across two others is refused',
      [file(2018, 2019), file(2020, null)],
      [2019, 2021],
      { kind: 'overlaps' },
    ],
    [
      'that leaves years without law behind it is refused',
      [file(2018, 2020)],
      [2023, null],
      {
        kind: 'gap',
        from: 2021,
        to: 2022,
      },
    ],
    [
      'that leaves years without law before the next is refused',
      [file(2026, null)],
      [2019, 2021],
      {
        kind: 'gap',
        from: 2022,
        to: 2025,
      },
    ],
  ])('%s', (_name, installed, [from, to], expected) => {
    expect(succession(installed, { from, to })).toMatchObject(expected);
  });

  it('of collection is counted in days, across the end of a leap February', () => {
    expect(dayOfNumber(dayNumber('2028-03-01') - 1)).toBe('2028-02-29');
  });
});
