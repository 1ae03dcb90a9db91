import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of files of a test's own making. Call `remove()` when done. */
export class TestFiles {
  readonly folder = mkdtempSync(join(tmpdir(), 'jarib-test-'));

  write(name: string, content: string | Buffer): string {
    const path = join(this.folder, name);
    writeFileSync(path, content);
    return path;
  }

  /** Features as `[properties, geometry]`; a geometry may be any text, also one that is no JSON. */
  geojson(
    name: string,
    features: [properties: object, geometry: object | string | null][],
    crs?: string,
  ): string {
    const body = features.map(([properties, geometry]) => {
      const shape = typeof geometry === 'string' ? geometry : JSON.stringify(geometry);
      return `{"type":"Feature","properties":${JSON.stringify(properties)},"geometry":${shape}}`;
    });
    const system = crs ? `"crs":{"type":"name","properties":{"name":"${crs}"}},` : '';
    return this.write(name, `{"type":"FeatureCollection",${system}"features":[\n${body.join(',\n')}\n]}\n`);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** A square of `side` degrees whose south-west corner is given, as a GeoJSON polygon. */
export function square(
  west: number,
  south: number,
  side = 0.001,
): { type: string; coordinates: number[][][] } {
  const [east, north] = [west + side, south + side];
  return {
    type: 'Polygon',
    coordinates: [
      [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
      ],
    ],
  };
}
