import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { dayInIndia } from '../../core/period.js';
import { Problem } from '../../core/problem.js';
import { Database } from '../../platform/database/database.js';
import type { Context } from '../../platform/database/tx.js';
import { limits } from '../../platform/limits.js';
import { LayerRegistry } from '../layer-registry.js';
import { requireReadable, tileColumns } from '../readable.js';
import { type Tile, TileCache } from './tile-cache.js';
import { isTile, type TileAddress, touches } from './tile-grid.js';
import { TileInvalidation } from './tile-invalidation.js';
import { TilesRepository } from './tiles.repository.js';

const nothing: Tile = { bytes: null, etag: '"empty"' };

/** Serves tiles from memory where they are kept, and keeps what it makes until the ground changes. */
@Injectable()
export class TilesService {
  readonly cache = new TileCache(limits.tileCacheBytes, limits.tileCacheEntries);

  constructor(
    private readonly database: Database,
    private readonly registry: LayerRegistry,
    private readonly repository: TilesRepository,
    invalidation: TileInvalidation,
  ) {
    // Until the first word comes nobody is listening.
    this.cache.setOpen(false);
    invalidation.onChange((change, connected) => {
      if (!change) return this.cache.setOpen(connected);
      const box = change.bbox3857;
      this.cache.evict(change.ulbId, change.layer, (tile) => box === null || touches(tile, box));
    });
  }

  /** One tile for a caller who may read the layer. At once where it is kept, so that a hit costs no turn of the loop. */
  tile(ctx: Context, layerName: string, address: TileAddress): Tile | Promise<Tile> {
    const layer = this.registry.get(layerName);
    requireReadable(layer, ctx.actor);
    if (!isTile(address, limits.tileZoomMax)) throw noTile(address);
    if (address.z < layer.minZoom) return nothing;
    const day = layer.effective ? dayInIndia(ctx.now) : '';
    const key = { ...address, ulbId: ctx.ulbId, layer: layer.name, day };
    return (
      this.cache.get(key) ??
      this.cache.getOrMake(key, async () => {
        const view = { layer, columns: tileColumns(layer, address.z) };
        const bytes = await this.database.readOne(ctx, (tx) => this.repository.tile(tx, view, address, day));
        if (!bytes.length) return nothing;
        return { bytes, etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"` };
      })
    );
  }
}

function noTile({ z, x, y }: TileAddress): Problem {
  const last = Number.isInteger(z) && z >= 0 && z <= limits.tileZoomMax ? 2 ** z - 1 : null;
  const detail =
    last === null
      ? `There is no zoom ${z}: zooms are 0 to ${limits.tileZoomMax}.`
      : `There is no tile row ${y}, column ${x} at zoom ${z}: rows and columns are 0 to ${last}.`;
  return new Problem(404, 'tile-unknown', detail);
}
