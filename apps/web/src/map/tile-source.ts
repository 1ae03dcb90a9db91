import MVT from 'ol/format/MVT.js';
import VectorTileSource from 'ol/source/VectorTile.js';
import { createXYZ } from 'ol/tilegrid.js';

/**
 * Vector tiles of one layer; beyond zoom 18 the last tiles are drawn larger, they hold centimetres anyway.
 */
export function tileSource(url: string): VectorTileSource {
  return new VectorTileSource({
    format: new MVT(),
    url,
    tileGrid: createXYZ({ tileSize: 512, maxZoom: 18 }),
    overlaps: false,
    cacheSize: 256,
  });
}
