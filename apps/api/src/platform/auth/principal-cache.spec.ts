import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Principal } from './principal.js';
import { PrincipalCache } from './principal-cache.js';

const principal = (userId: string): Principal => ({
  kind: 'session',
  ulbId: 1,
  ulbCode: 'a1',
  userId,
  login: userId,
  name: userId,
  role: 'cashier',
  permissions: new Set(),
  wardNumbers: null,
  csrfToken: 'x',
  tokenHash: `hash of ${userId}`,
});

let clockMs = 0;
let cache: PrincipalCache;
beforeEach(() => {
  clockMs = 1_000;
  cache = new PrincipalCache(4_000, 3, () => clockMs);
});

describe('the cache of callers', () => {
  it('holds a caller for its time and not longer', () => {
    cache.set('a', principal('asha'), Infinity);
    clockMs += 3_999;
    expect(cache.get('a')?.userId).toBe('asha');
    clockMs += 1;
    expect(cache.get('a')).toBeNull();
    expect(cache.size).toBe(0);
  });

  it('does not hold a session beyond its own end', () => {
    cache.set('a', principal('asha'), 10);
    clockMs += 10;
    expect(cache.get('a')).toBeNull();
  });

  it('never grows beyond its size: the one seen first goes first', () => {
    for (const name of ['a', 'b', 'c', 'd']) cache.set(name, principal(name), Infinity);
    expect([cache.size, cache.get('a'), cache.get('d')?.userId]).toEqual([3, null, 'd']);
  });

  it('forgets all of one person and nobody else', () => {
    cache.set('a', principal('asha'), Infinity);
    cache.set('b', principal('asha'), Infinity);
    cache.set('c', principal('bina'), Infinity);
    cache.drop(({ userId }) => userId === 'asha');
    expect([cache.get('a'), cache.get('b'), cache.get('c')?.userId]).toEqual([null, null, 'bina']);
  });
});
