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
  const names = columns.map((column) => `"${column.name}"`).join(', ');
  const typed = columns.map(tileValue).join(', ');
  const inForce = layer.effective ? 'AND f.effective @> $5::date' : '';
  // The order makes the same bytes of the same rows, and the same rows of too many. OFFSET 0 keeps the planner from
  // drawing each shape twice, once to see whether there is one.
  return `SELECT ST_AsMVT(t, $4::text, ${tileExtent}, 'geom', 'tile_id') FROM (
       SELECT f.tile_id, ${typed ? `${typed}, ` : ''}
         ${drawn(layer, z)} AS geom
       FROM (SELECT tile_id, ${names ? `${names}, ` : ''}geom, geom_3857 FROM "${layer.table}" f
             WHERE f.geom && ${tileBox} ${inForce} ORDER BY tile_id LIMIT ${limits.tileFeatures}) f OFFSET 0) t
     WHERE t.geom IS NOT NULL`;
}

const envelope = 'ST_TileEnvelope($1::int, $2::int, $3::int)';
/** The tile with its margin, in longitude and latitude. */
const tileBox = `ST_Transform(ST_TileEnvelope($1::int, $2::int, $3::int, margin => ${tileBuffer / tileExtent}), 4326)`;

/** A plot has four or five corners; with more of them the grid of the tile could make two sides cross. */
const plotPointsMost = 8;

/** SQL of a shape on the tile's grid. Clipping and mending are two thirds of a tile's cost, and a whole plot needs neither. */
function drawn(layer: Layer, z: number): string {
  const clipped = `ST_AsMVTGeom(${generalised(layer, z)}, ${envelope}, ${tileExtent}, ${tileBuffer}, true)`;
  if (layer.geometry !== 'MultiPolygon') return clipped;
  const scale = `${tileExtent} / (ST_XMax(${envelope}) - ST_XMin(${envelope}))`;
  // Outer rings run clockwise in a tile (Vector Tile Specification 2.1, 4.3.4.4).
  const placed = `ST_TransScale(ST_ForcePolygonCW(f.geom_3857), -ST_XMin(${envelope}), -ST_YMax(${envelope}),
    ${scale}, -${scale})`;
  return `CASE WHEN ST_NPoints(f.geom_3857) <= ${plotPointsMost} AND f.geom @ ${tileBox}
    THEN ST_SnapToGrid(${placed}, 1) ELSE ${clipped} END`;
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
