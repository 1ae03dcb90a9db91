import { Problem } from '../core/problem.js';
import type { Actor } from '../platform/database/tx.js';
import type { Layer, LayerColumn } from './layer.js';

export function mayRead(layer: Layer, actor: Actor): boolean {
  return actor.permissions.has(layer.read);
}

/** Refuses whoever may not read the layer at all. */
export function requireReadable(layer: Layer, actor: Actor): void {
  if (mayRead(layer, actor)) return;
  throw new Problem(403, 'layer-closed', `The layer "${layer.name}" needs the permission ${layer.read}.`, [
    { where: 'layer', value: layer.name, message: `needs ${layer.read}` },
  ]);
}

/** A layer as one caller sees it: with the columns that he may read, or that one door shows. */
export interface LayerView {
  layer: Layer;
  columns: LayerColumn[];
}

/** The layer with the caller's columns. Throws a Problem for whoever may not read the layer. */
export function openLayer(layer: Layer, actor: Actor): LayerView {
  requireReadable(layer, actor);
  return { layer, columns: readableColumns(layer, actor) };
}

/**
 * The columns that exist for this caller. All others can be neither returned, filtered nor named: every door takes its
 * columns from here. Personal columns need a permission of their own and an account that is not confined to wards,
 * because a row's ward is not looked at here.
 */
export function readableColumns(layer: Layer, actor: Actor): LayerColumn[] {
  return layer.columns.filter((column) => {
    if (column.personal) {
      return column.read !== undefined && actor.permissions.has(column.read) && actor.wardNumbers === null;
    }
    return column.read === undefined || actor.permissions.has(column.read);
  });
}

/** The columns of a tile at zoom `z`: public ones only, whoever asks, because a tile is one for all readers. */
export function tileColumns(layer: Layer, z: number): LayerColumn[] {
  return layer.columns.filter(
    (column) =>
      !column.personal &&
      column.read === undefined &&
      column.tileFromZoom !== undefined &&
      column.tileFromZoom <= z,
  );
}
