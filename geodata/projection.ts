/** A place in degrees, EPSG:4326. */
export interface Place {
  lon: number;
  lat: number;
}

/** WGS 84: half the longer axis in metres, and the square of the first eccentricity. */
const a = 6_378_137;
const e2 = 0.00669437999014;

/**
 * Local metres (east, north of `origin`) to degrees, by the radii of the ellipsoid at the origin. The length
 * of a degree of longitude follows the latitude, so that areas stay true to about one in ten thousand in a
 * town of 16 km. Degrees lie on a grid of nine decimals, a tenth of a millimetre: equal metres give equal
 * bits.
 */
export class Projection {
  private readonly metresPerLat: number;
  private readonly metresPerLon: number;
  /** How much a degree of longitude shrinks for each metre to the north. */
  private readonly shrink: number;

  constructor(private readonly origin: Place) {
    const radians = Math.PI / 180;
    const sin = Math.sin(origin.lat * radians);
    const cos = Math.cos(origin.lat * radians);
    const w = 1 - e2 * sin * sin;
    const meridian = (a * (1 - e2)) / (w * Math.sqrt(w));
    this.metresPerLat = meridian * radians;
    this.metresPerLon = (a / Math.sqrt(w)) * cos * radians;
    this.shrink = (-sin * radians * meridian) / meridian;
  }

  lon(x: number, y: number): number {
    return Math.round((this.origin.lon + x / (this.metresPerLon + this.shrink * y)) * 1e9) / 1e9;
  }

  lat(y: number): number {
    return Math.round((this.origin.lat + y / this.metresPerLat) * 1e9) / 1e9;
  }
}
