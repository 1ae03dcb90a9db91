import { describe, expect, it } from '@jest/globals';
import { isTile, pixelM, tileBox, touches } from './tile-grid.js';

describe('the grid of tiles', () => {
  it('knows which tiles there are', () => {
    expect(isTile({ z: 0, x: 0, y: 0 }, 22)).toBe(true);
    expect(isTile({ z: 22, x: 4_194_303, y: 4_194_303 }, 22)).toBe(true);
    const wrong = [
      { z: 0, x: 1, y: 0 },
      { z: 3, x: 0, y: 8 },
      { z: 23, x: 0, y: 0 },
      { z: 1.5, x: 0, y: 0 },
      { z: 3, x: -1, y: 0 },
      { z: Number.NaN, x: 0, y: 0 },
    ];
    expect(wrong.filter((tile) => isTile(tile, 22))).toEqual([]);
  });

  it('gives each tile its ground with the margin of 64 in 4096', () => {
    const [west, south, east, north] = tileBox({ z: 1, x: 1, y: 1 });
    const side = 20_037_508.342789244;
    const margin = side / 64;
    expect([west, north]).toEqual([-margin, margin]);
    expect(east).toBeCloseTo(side + margin, 3);
    expect(south).toBeCloseTo(-side - margin, 3);
    expect(pixelM(16)).toBeCloseTo(2.3887, 4);
  });

  it('says of a change which tiles it touches: also the neighbour into whose margin it reaches', () => {
    const tile = { z: 16, x: 46_200, y: 29_300 };
    const [west, south, east, north] = tileBox(tile);
    const middle: [number, number, number, number] = [
      (west + east) / 2,
      (south + north) / 2,
      (west + east) / 2 + 10,
      (south + north) / 2 + 10,
    ];
    const touched = [-1, 0, 1].map((step) => touches({ ...tile, x: tile.x + step }, middle));
    expect(touched).toEqual([false, true, false]);
    const margin = (east - west) / 66;
    const inMargin: [number, number, number, number] = [
      east - margin - 1,
      north - 50,
      east - margin,
      north - 40,
    ];
    expect([0, 1].map((step) => touches({ ...tile, x: tile.x + step }, inMargin))).toEqual([true, true]);
  });
});
