import { describe, expect, test } from '@jest/globals';
import { longestStraightRun } from './straight-run.js';

describe('a label that stands straight on a bent road', () => {
  test('it takes the longest part that hardly bends', () => {
    const run = longestStraightRun([0, 0, 0, 10, 50, 10, 100, 14, 100, 40]);
    expect(run?.length).toBeCloseTo(Math.hypot(100, 4));
    expect(run?.x).toBeCloseTo(50);
  });

  test('it is never upside down, whichever way the road was drawn', () => {
    const there = longestStraightRun([0, 0, 10, 10]);
    const back = longestStraightRun([10, 10, 0, 0]);
    expect(there?.rotation).toBeCloseTo(-Math.PI / 4);
    expect(back?.rotation).toBeCloseTo(-Math.PI / 4);
  });

  test('a road of one point has no place for a label', () => {
    expect(longestStraightRun([5, 5])).toBeNull();
    expect(longestStraightRun([5, 5, 5, 5])).toBeNull();
  });
});
