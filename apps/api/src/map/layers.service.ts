import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import type { Context } from '../platform/database/tx.js';
import { limits } from '../platform/limits.js';
import { noFeature } from './features/features.service.js';
import type { Layer } from './layer.js';
import { LayerRegistry } from './layer-registry.js';
import { type LayerExtent, LayersRepository, type VersionRow } from './layers.repository.js';
import type { LayerSummary } from './layers.schema.js';
import { mayRead, openLayer, readableColumns } from './readable.js';
import { TileInvalidation } from './tiles/tile-invalidation.js';

/** What a caller may know of the layers, and of one feature by its tile id or through its versions. */
@Injectable()
export class LayersService {
  /** Counting reads the whole layer: kept until the layer changes, and never longer than a minute. */
  private readonly extents = new Map<string, { at: number; extent: LayerExtent }>();

  constructor(
    private readonly database: Database,
    private readonly registry: LayerRegistry,
    private readonly repository: LayersRepository,
    invalidation: TileInvalidation,
  ) {
    invalidation.onChange((change) => {
      if (change) this.extents.delete(`${change.ulbId}/${change.layer}`);
      else this.extents.clear();
    });
  }

  get(name: string): Layer {
    return this.registry.get(name);
  }

  readable(ctx: Context): Layer[] {
    return this.registry.layers.filter((layer) => mayRead(layer, ctx.actor));
  }

  ulbName(ctx: Context): Promise<string> {
    return this.database.read(ctx, (tx) => this.repository.ulbName(tx));
  }

  /** Count and box of each of the layers. */
  async summaries(ctx: Context, layers: readonly Layer[]): Promise<({ layer: Layer } & LayerExtent)[]> {
    const fresh = (layer: Layer) => {
      const kept = this.extents.get(`${ctx.ulbId}/${layer.name}`);
      return kept && ctx.now.getTime() - kept.at < limits.layerExtentMs ? kept.extent : null;
    };
    const stale = layers.filter((layer) => !fresh(layer));
    const found = new Map<string, LayerExtent>();
    if (stale.length) {
      await this.database.read(ctx, async (tx) => {
        for (const layer of stale) found.set(layer.name, await this.repository.extent(tx, layer));
      });
    }
    return layers.map((layer) => {
      const extent = found.get(layer.name);
      if (!extent) return { layer, ...(fresh(layer) ?? { count: 0, bbox: null }) };
      this.extents.set(`${ctx.ulbId}/${layer.name}`, { at: ctx.now.getTime(), extent });
      return { layer, ...extent };
    });
  }

  /** The descriptors of the layers and of those columns that the caller may read. */
  async list(ctx: Context): Promise<LayerSummary[]> {
    const found = await this.summaries(ctx, this.readable(ctx));
    return found.map(({ layer, count, bbox }) => ({
      name: layer.name,
      title: layer.title,
      geometry: layer.geometry,
      columns: readableColumns(layer, ctx.actor).map(({ read: _read, ...column }) => column),
      nameColumn: layer.nameColumn,
      numberColumn: layer.numberColumn,
      effective: layer.effective,
      minZoom: layer.minZoom,
      exactFromZoom: layer.exactFromZoom,
      mayWrite: ctx.actor.permissions.has(layer.write),
      count,
      bbox,
    }));
  }

  /** What lies behind a click, as JSON text: never a personal column, as in the tile that was clicked. */
  async byTileId(ctx: Context, layerName: string, tileId: string): Promise<string> {
    const { layer, columns } = openLayer(this.registry.get(layerName), ctx.actor);
    const view = { layer, columns: columns.filter((column) => !column.personal) };
    const found = await this.database.read(ctx, (tx) => this.repository.byTileId(tx, view, tileId));
    if (!found) throw noFeature(layer, tileId);
    return found;
  }

  /** Every version of a feature with who recorded and who ended it, newest first, as JSON text. */
  async history(ctx: Context, layerName: string, id: string): Promise<string> {
    const view = openLayer(this.registry.get(layerName), ctx.actor);
    const rows = await this.database.read(ctx, (tx) =>
      this.repository.versions(tx, view, id, limits.pageRows),
    );
    if (!rows.length) throw noFeature(view.layer, id);
    const versions = rows.map(
      (row) => `${JSON.stringify(versionOf(row)).slice(0, -1)},"feature":${row.feature}}`,
    );
    const name = JSON.stringify(view.layer.name);
    return `{"layer":${name},"id":${JSON.stringify(id)},"versions":[${versions.join(',')}]}`;
  }
}

function versionOf(row: VersionRow): object {
  return {
    version: row.version,
    recordedAt: row.recorded_at,
    recordedBy: row.created_by_login,
    changeset: { id: row.changeset_id, kind: row.kind, comment: row.comment },
    endedAt: row.ended_at,
    endedBy: row.ended_by_login,
    endedChangesetId: row.ended_changeset_id,
  };
}
