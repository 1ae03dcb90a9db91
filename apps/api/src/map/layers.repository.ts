import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/tx.js';
import { featureJson, properties } from './features/features.repository.js';
import type { Layer } from './layer.js';
import type { LayerView } from './readable.js';

export interface LayerExtent {
  count: number;
  /** West, south, east, north in degrees; null while the layer is empty. */
  bbox: [number, number, number, number] | null;
}

export interface VersionRow {
  version: number;
  recorded_at: Date;
  changeset_id: string;
  kind: string;
  comment: string;
  created_by_login: string;
  ended_at: Date | null;
  ended_changeset_id: string | null;
  ended_by_login: string | null;
  feature: string;
}

/** Reads of a whole layer and of one feature that are no part of OGC API. */
@Injectable()
export class LayersRepository {
  async ulbName(tx: Tx): Promise<string> {
    return (await tx.one<{ name: string }>('SELECT name FROM ulbs WHERE ulb_id = $1', [tx.ctx.ulbId])).name;
  }

  /** How many features the layer has now, and the box around them: reads the whole layer. */
  async extent(tx: Tx, layer: Layer): Promise<LayerExtent> {
    const row = await tx.one<{ count: string; bbox: LayerExtent['bbox'] }>(
      `SELECT count, ${corners('extent')} AS bbox
       FROM (SELECT count(*) AS count, ST_Extent(geom)::box3d AS extent FROM "${layer.table}") e`,
    );
    return { count: Number(row.count), bbox: row.bbox?.[0] == null ? null : row.bbox };
  }

  /** The feature that a tile names, as JSON: id, version, the columns, a point on it and its box. Null where none is. */
  async byTileId(tx: Tx, view: LayerView, tileId: string): Promise<string | null> {
    const row = await tx.maybe<{ feature: string }>(
      `SELECT row_to_json(p)::text AS feature FROM (
         SELECT f.id, ${properties(view)}, ${corners('f.geom')} AS bbox,
           ARRAY[ST_X(c.center), ST_Y(c.center)] AS center
         FROM "${view.layer.table}" f, LATERAL (SELECT ST_PointOnSurface(f.geom) AS center) c
         WHERE f.tile_id = $1::bigint) p`,
      [tileId],
    );
    return row?.feature ?? null;
  }

  /** Every version of one feature, newest first, with the changesets that made and that ended it. */
  async versions(tx: Tx, view: LayerView, id: string, most: number): Promise<VersionRow[]> {
    const { layer, columns } = view;
    const names = columns.map((column) => `"${column.name}"`);
    const dated = layer.effective ? ['effective'] : [];
    const list = ['id', 'version', 'recorded_at', 'changeset_id', ...names, ...dated, 'geom'].join(', ');
    return tx.rows<VersionRow>(
      `SELECT f.version, f.recorded_at, f.changeset_id, made.kind, made.comment, made.created_by_login,
         f.ended_at, f.ended_changeset_id, ended.created_by_login AS ended_by_login,
         ${featureJson(view)} AS feature
       FROM (SELECT ${list}, NULL::uuid AS ended_changeset_id, NULL::timestamptz AS ended_at
               FROM "${layer.table}" WHERE id = $1::uuid
             UNION ALL
             SELECT ${list}, ended_changeset_id, ended_at FROM "${layer.table}_history" WHERE id = $1::uuid) f
       JOIN changesets made ON made.id = f.changeset_id
       LEFT JOIN changesets ended ON ended.id = f.ended_changeset_id
       ORDER BY f.version DESC LIMIT $2`,
      [id, most],
    );
  }
}

function corners(box: string): string {
  return `ARRAY[ST_XMin(${box}), ST_YMin(${box}), ST_XMax(${box}), ST_YMax(${box})]`;
}
