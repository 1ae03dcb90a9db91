import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hugeRing, zipBomb } from './odd.js';

describe('odd files', () => {
  it('include an archive a thousand times smaller than its content, which Python opens', () => {
    const bomb = zipBomb('parcels.geojson', 20_000_000);
    expect(bomb.length).toBeLessThan(30_000);
    const folder = mkdtempSync(join(tmpdir(), 'jarib-odd-'));
    try {
      const file = join(folder, 'bomb.zip');
      writeFileSync(file, bomb);
      const read =
        'import sys,zipfile; z=zipfile.ZipFile(sys.argv[1]); n=z.namelist()[0]; print(n, len(z.read(n)))';
      expect(execFileSync('python3', ['-c', read, file], { encoding: 'utf8' }).trim()).toBe(
        'parcels.geojson 20000000',
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('include a ring with as many points as asked for, closed', () => {
    const ring = JSON.parse(hugeRing(5_000)).features[0].geometry.coordinates[0];
    expect(ring).toHaveLength(5_001);
    expect(ring[5_000]).toEqual(ring[0]);
  });

  it('are small enough to be kept', () => {
    const folder = 'geodata/fixtures';
    const sizes = readdirSync(folder).map((file) => statSync(join(folder, file)).size);
    expect(sizes.length).toBeGreaterThan(10);
    expect(Math.max(...sizes)).toBeLessThan(100_000);
    expect(() => JSON.parse(readFileSync(join(folder, 'malformed.geojson'), 'utf8'))).toThrow(SyntaxError);
    const latin1 = readFileSync(join(folder, 'latin1.csv'));
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(latin1)).toThrow(/utf-8/);
  });
});
