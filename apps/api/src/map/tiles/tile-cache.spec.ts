import { describe, expect, it } from '@jest/globals';
import { type Tile, TileCache, type TileKey } from './tile-cache.js';

const key = (x: number, overrides: Partial<TileKey> = {}): TileKey => ({
  ulbId: 1,
  layer: 'parcels',
  z: 16,
  x,
  y: 0,
  day: '',
  ...overrides,
});
const tile = (bytes: number): Tile => ({ bytes: Buffer.alloc(bytes), etag: `"${bytes}"` });
const never = (): Promise<Tile> => Promise.reject(new Error('must not be made'));

describe('the cache of tiles', () => {
  it('makes a tile once for all who ask at the same time', async () => {
    const cache = new TileCache(10_000, 10);
    let made = 0;
    const make = async () => {
      made += 1;
      return tile(5);
    };
    const tiles = await Promise.all([1, 2, 3].map(() => cache.getOrMake(key(1), make)));
    expect([made, new Set(tiles).size]).toEqual([1, 1]);
    expect(await cache.getOrMake(key(1), never)).toBe(tiles[0]);
  });

  it('lets the longest unused go first, by number and by bytes', async () => {
    const cache = new TileCache(10_000, 3);
    for (const x of [1, 2, 3]) await cache.getOrMake(key(x), async () => tile(1));
    cache.get(key(1));
    await cache.getOrMake(key(4), async () => tile(1));
    expect([1, 2, 3, 4].filter((x) => cache.get(key(x)))).toEqual([1, 3, 4]);
    await cache.getOrMake(key(5), async () => tile(9_500));
    expect(cache.size).toBe(1);
    expect(cache.bytes).toBeLessThanOrEqual(10_000);
  });

  it('drops only tiles that were touched, of that layer and municipality', async () => {
    const cache = new TileCache(10_000, 10);
    const keys = [key(1), key(2), key(1, { ulbId: 2 }), key(1, { layer: 'roads' }), key(1, { z: 17 })];
    for (const each of keys) await cache.getOrMake(each, async () => tile(1));
    expect(cache.evict(1, 'parcels', ({ x }) => x === 1)).toBe(2);
    expect(keys.map((each) => cache.get(each) !== undefined)).toEqual([false, true, true, true, false]);
  });

  it('does not keep a tile whose ground changed while it was being made', async () => {
    const cache = new TileCache(10_000, 10);
    let finish: (made: Tile) => void = () => undefined;
    const before = cache.getOrMake(key(1), () => new Promise((resolve) => (finish = resolve)));
    cache.evict(1, 'parcels', () => true);
    const after = await cache.getOrMake(key(1), async () => tile(2));
    finish(tile(1));
    expect((await before).etag).toBe('"1"');
    expect(after.etag).toBe('"2"');
    expect(cache.get(key(1))?.etag).toBe('"2"');
  });

  it('keeps nothing while nobody tells it of changes', async () => {
    const cache = new TileCache(10_000, 10);
    await cache.getOrMake(key(1), async () => tile(1));
    cache.setOpen(false);
    await cache.getOrMake(key(2), async () => tile(1));
    expect(cache.size).toBe(0);
    cache.setOpen(true);
    await cache.getOrMake(key(2), async () => tile(1));
    expect([cache.size, cache.bytes]).toEqual([1, 301]);
  });

  it('asks again after a tile could not be made', async () => {
    const cache = new TileCache(10_000, 10);
    await expect(cache.getOrMake(key(1), never)).rejects.toThrow('must not be made');
    expect((await cache.getOrMake(key(1), async () => tile(3))).etag).toBe('"3"');
  });
});
