import { describe, expect, test } from '@jest/globals';
import { formatPosition, parsePosition, positionOf } from './position.js';

describe('the map position in the address', () => {
  test('what is written is read again', () => {
    const position = { zoom: 15.5, center: [77.4126, 23.2599] as [number, number] };
    expect(parsePosition(formatPosition(position))).toEqual(position);
  });

  test('nonsense is no position', () => {
    expect([parsePosition(null), parsePosition('a/b/c'), parsePosition('12/99/77')]).toEqual([
      null,
      null,
      null,
    ]);
  });

  test('a town of 4 km fills the window at about zoom 14', () => {
    const { zoom, center } = positionOf([77.4, 23.24, 77.44, 23.28], 1366, 720);
    expect(zoom).toBeGreaterThan(13.5);
    expect(zoom).toBeLessThan(14.5);
    expect(center[0]).toBeCloseTo(77.42);
  });

  test('without a box the map begins with India', () => {
    expect(positionOf(null, 1366, 720).zoom).toBe(5);
  });
});
