import { describe, expect, it } from '@jest/globals';
import { withoutSpikes } from './plane.js';

describe('a ring without spikes', () => {
  const square = { xs: [0, 10, 10, 0], ys: [0, 0, 10, 10] };

  it('is the very ring where none of its points turns back', () => {
    expect(withoutSpikes(square)).toBe(square);
    const withBend = { xs: [0, 5, 10, 10, 0], ys: [0, 0.001, 0, 10, 10] };
    expect(withoutSpikes(withBend)).toBe(withBend);
  });

  it('loses the tip of a spike, and no corner, however sharp, that has a width', () => {
    const spiked = { xs: [0, 10, 10, -0.14, 0], ys: [0, 0, 10, -0.1401, 10] };
    expect(withoutSpikes({ xs: [0, 10, 10, 0, 0], ys: [0, 0, 10, 10, -0.14] })).toEqual(square);
    expect(withoutSpikes(spiked).xs).toHaveLength(5);
  });
});
