import { describe, expect, it } from '@jest/globals';
import { createHash } from 'node:crypto';
import type { TownOptions, TownTable } from './tables.js';
import { demoTown, generateTown, type TownSummary } from './town.js';

const options: TownOptions = {
  seed: 7,
  properties: 1_000,
  ulbId: 1,
  origin: demoTown.origin,
  today: '2026-04-01',
};

function make(changes: Partial<TownOptions> = {}) {
  const texts = new Map<TownTable, Buffer[]>();
  const town = generateTown({ ...options, ...changes });
  let next = town.next();
  for (; !next.done; next = town.next()) {
    const { table, bytes } = next.value;
    texts.set(table, [...(texts.get(table) ?? []), bytes]);
  }
  const digest = createHash('sha256');
  for (const [table, parts] of texts) digest.update(table).update(Buffer.concat(parts));
  const lines = (table: TownTable) =>
    Buffer.concat(texts.get(table) ?? [])
      .toString('utf8')
      .trimEnd()
      .split('\n');
  return { summary: next.value as TownSummary, sha256: digest.digest('hex'), lines };
}

describe('a generated town', () => {
  const town = make();

  it('is the same to the last byte for the same seed', () => {
    expect(make().sha256).toBe(town.sha256);
  });

  it('is another for another seed', () => {
    expect(make({ seed: 8 }).sha256).not.toBe(town.sha256);
  });

  it.each([100, 1_000, 2_500, 20_000])(
    'of %d properties has exactly so many, and lines for all that it counts',
    (properties) => {
      const { summary, lines } = make({ properties, seed: 3 });
      expect(summary.rows.properties).toBe(properties);
      expect(lines('properties')).toHaveLength(properties);
      expect(lines('units')).toHaveLength(summary.rows.units);
      expect(summary.rows.units).toBeGreaterThan(properties);
      expect(summary.rows.parcels).toBeGreaterThan(properties * 0.5);
    },
  );

  it('makes deliberate faults on about three properties of a thousand', () => {
    const { summary } = make({ properties: 20_000 });
    const faults = Object.values(summary.faults).reduce((sum, count) => sum + count, 0);
    expect(faults / 20_000).toBeGreaterThan(0.002);
    expect(faults / 20_000).toBeLessThan(0.005);
    expect(Object.values(summary.faults).every((count) => count > 0)).toBe(true);
  });

  it('gives no owner a mobile number that an Indian network assigns', () => {
    const mobiles = town
      .lines('owners')
      .map((line) => line.split('\t')[6]!)
      .filter((mobile) => mobile !== '\\N');
    expect(mobiles.length).toBeGreaterThan(500);
    expect(mobiles.every((mobile) => /^5\d{9}$/.test(mobile))).toBe(true);
  });

  it('spells some names in more than one way', () => {
    const bySound = new Map<string, Set<string>>();
    for (const line of town.lines('owners')) {
      const [, , , , name, local] = line.split('\t') as string[];
      const key = local!.split(' ').at(-1)!;
      bySound.set(key, (bySound.get(key) ?? new Set()).add(name!.split(' ').at(-1)!));
    }
    expect([...(bySound.get('चौधरी') ?? [])].length).toBeGreaterThan(1);
  });

  it.each([{ properties: 99 }, { properties: 2_000_001 }, { properties: 10.5 }, { seed: -1 }, { seed: 0.5 }])(
    'is refused for %p',
    (changes) => expect(() => make(changes)).toThrow(RangeError),
  );
});
