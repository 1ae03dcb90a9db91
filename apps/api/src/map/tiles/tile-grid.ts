/** A box in EPSG:3857: west, south, east, north in metres. */
export type Box3857 = [number, number, number, number];

/** One tile of WebMercatorQuad: zoom, column from the west, row from the north. */
export interface TileAddress {
  z: number;
  x: number;
  y: number;
}

const halfWorldM = 20_037_508.342789244;

/** Units across a tile, and how many of them are drawn beyond its edge, so that outlines join between tiles. */
export const tileExtent = 4_096;
export const tileBuffer = 64;

/** Pixels of 1/256 tile, the width of which is what a screen can show, in metres on the equator. */
export function pixelM(z: number): number {
  return (2 * halfWorldM) / 2 ** z / 256;
}

/** True where z, x and y are whole numbers that name a tile down to `maxZoom`. */
export function isTile({ z, x, y }: TileAddress, maxZoom: number): boolean {
  const inside = (value: number) => Number.isInteger(value) && value >= 0 && value < 2 ** z;
  return Number.isInteger(z) && z >= 0 && z <= maxZoom && inside(x) && inside(y);
}

/** The ground of a tile with the margin from which features reach into it. */
export function tileBox({ z, x, y }: TileAddress): Box3857 {
  const size = (2 * halfWorldM) / 2 ** z;
  const margin = (size * tileBuffer) / tileExtent;
  const west = -halfWorldM + x * size;
  const north = halfWorldM - y * size;
  return [west - margin, north - size - margin, west + size + margin, north + margin];
}

/**
 * True where something within `box` can stand in the tile. The database compares boxes rounded outwards to 24 bits, which
 * is up to two metres here: the same slack makes sure that no tile is missed.
 */
export function touches(tile: TileAddress, box: Box3857): boolean {
  const slackM = 4;
  const [west, south, east, north] = tileBox(tile);
  return (
    box[0] - slackM <= east && box[2] + slackM >= west && box[1] - slackM <= north && box[3] + slackM >= south
  );
}
