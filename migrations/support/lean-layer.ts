/**
 * What a layer's table from `layerTable` does without; run after it for each new layer.
 * A tile's box has sides along meridians and parallels in both systems, so the index of longitude and latitude finds the
 * same rows as one of EPSG:3857 would. And a changeset's key names its municipality: a second foreign key says it twice.
 */
export function leanLayer(table: string): string[] {
  return [`DROP INDEX ${table}_geom_3857`, `ALTER TABLE ${table} DROP CONSTRAINT ${table}_ulb_id_fkey`];
}
