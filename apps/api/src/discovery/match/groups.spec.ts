import { describe, expect, it } from '@jest/globals';
import { joinParcels } from './groups.js';

describe('parcels that share properties', () => {
  it('become one piece of land, named by the smallest id, also through a chain', () => {
    const joined = joinParcels([
      ['c', 'd'],
      ['b', 'c'],
      ['x', 'y'],
      ['a', 'd'],
    ]);
    expect(Object.fromEntries(joined)).toEqual({ a: 'a', b: 'a', c: 'a', d: 'a', x: 'x', y: 'x' });
  });

  it('are none where no property stands on two', () => {
    expect(joinParcels([]).size).toBe(0);
  });
});
