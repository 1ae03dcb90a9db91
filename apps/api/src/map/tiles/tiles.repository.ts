import { Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/tx.js';
import { limits } from '../../platform/limits.js';
import type { Layer, LayerColumn } from '../layer.js';
import type { LayerView } from '../readable.js';
import { pixelM, type TileAddress, tileBuffer, tileExtent } from './tile-grid.js';

/** Tiles as PostGIS encodes them. */
@Injectable()
export class TilesRepository {
  /** The bytes of one tile, empty where nothing lies in it. `day` says what is in force of a layer that the law dates. */
  async tile(tx: Tx, { layer, columns }: LayerView, tile: TileAddress, day: string): Promise<Buffer> {
    const values = [tile.z, tile.x, tile.y, layer.name, ...(layer.effective ? [day] : [])];
    return (await tx.bytes(tileSql(layer, columns, tile.z), values)) ?? Buffer.alloc(0);
  }

  /** Tells every process that the layer's tiles within the box (null: all of them) are outdated, once `tx` commits. */
  async notify(tx: Tx, channel: string, payload: string): Promise<void> {
    await tx.run('SELECT pg_notify($1, $2)', [channel, payload]);
  }
}

/**
 * $1 zoom, $2 column, $3 row, $4 name of the layer in the tile, $5 the day. The tile's box is a box in longitude and
 * latitude too, so one index serves both systems; it is asked by `&&` alone, which is the operator that row-level
 * security lets reach it. What is drawn is the stored 3857 copy.
 */
export function tileSql(layer: Layer, columns: LayerColumn[], z: number): string {
  const envelope = 'ST_TileEnvelope($1::int, $2::int, $3::int)';
  const margin = `ST_TileEnvelope($1::int, $2::int, $3::int, margin => ${tileBuffer / tileExtent})`;
  const box = `ST_Transform(${margin}, 4326)`;
  const names = columns.map((column) => `"${column.name}"`).join(', ');
  const typed = columns.map(tileValue).join(', ');
  const inForce = layer.effective ? 'AND f.effective @> $5::date' : '';
  // The order makes the same bytes of the same rows, and the same rows of too many.
  return `SELECT ST_AsMVT(t, $4::text, ${tileExtent}, 'geom', 'tile_id') FROM (
       SELECT f.tile_id, ${typed ? `${typed}, ` : ''}
         ST_AsMVTGeom(${generalised(layer, z)}, ${envelope}, ${tileExtent}, ${tileBuffer}, true) AS geom
       FROM (SELECT tile_id, ${names ? `${names}, ` : ''}geom_3857 FROM "${layer.table}" f
             WHERE f.geom && ${box} ${inForce} ORDER BY tile_id LIMIT ${limits.tileFeatures}) f) t
     WHERE t.geom IS NOT NULL`;
}

/** Below its zoom a shape loses what is smaller than half a pixel, and a shape smaller than that is left out. */
function generalised(layer: Layer, z: number): string {
  if (layer.geometry === 'Point' || z >= layer.exactFromZoom) return 'f.geom_3857';
  return `ST_Simplify(f.geom_3857, ${pixelM(z) / 2})`;
}

/** ST_AsMVT knows texts, whole numbers, doubles and booleans; everything else would become text by chance. */
function tileValue(column: LayerColumn): string {
  const name = `f."${column.name}"`;
  if (column.type === 'numeric') return `${name}::float8 AS "${column.name}"`;
  if (column.type === 'date' || column.type === 'timestamp' || column.type === 'uuid') {
    return `${name}::text AS "${column.name}"`;
  }
  return name;
}
