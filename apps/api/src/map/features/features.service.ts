import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { isUuid } from '../../core/ids.js';
import { Problem } from '../../core/problem.js';
import { Database } from '../../platform/database/database.js';
import type { Context } from '../../platform/database/tx.js';
import type { Layer, LayerColumn } from '../layer.js';
import { LayerRegistry } from '../layer-registry.js';
import { openLayer } from '../readable.js';
import { formatAfter, parseFeatureQuery, parseItemQuery, type RawQuery } from './feature-query.js';
import { FeaturesRepository } from './features.repository.js';
import { type Link, mediaTypes } from './ogc-documents.js';

/** The features door of OGC API Features, Part 1: pages of a layer, and one feature. */
@Injectable()
export class FeaturesService {
  constructor(
    private readonly database: Database,
    private readonly registry: LayerRegistry,
    private readonly features: FeaturesRepository,
  ) {}

  /**
   * One page as GeoJSON text. `itemsUrl` is the whole address without parameters. Only one more row than asked is read to
   * know whether a page follows.
   */
  async items(
    ctx: Context,
    layerName: string,
    raw: RawQuery,
    itemsUrl: string,
  ): Promise<{ body: string; links: Link[] }> {
    const view = openLayer(this.registry.get(layerName), ctx.actor);
    const query = parseFeatureQuery(view.layer, view.columns, raw);
    const rows = await this.database.read(ctx, (tx) => this.features.page(tx, view, query, query.limit + 1));
    const page = rows.slice(0, query.limit);
    const matched = Number(rows[0]?.matched ?? query.after?.matched ?? 0);
    const last = rows.length > query.limit ? page.at(-1) : undefined;
    const links = pageLinks(itemsUrl, raw, last ? formatAfter(last.id, matched) : null);
    const head = JSON.stringify({
      type: 'FeatureCollection',
      timeStamp: ctx.now.toISOString(),
      numberMatched: matched,
      numberReturned: page.length,
      links,
    });
    return { body: `${head.slice(0, -1)},"features":[${page.map((row) => row.feature).join(',')}]}`, links };
  }

  /** One feature as GeoJSON text with its strong ETag. 404 where there is none, also where it is of another municipality. */
  async item(
    ctx: Context,
    { layer: layerName, id }: { layer: string; id: string },
    raw: RawQuery,
    collectionUrl: string,
  ): Promise<{ body: string; etag: string; links: Link[] }> {
    const view = openLayer(this.registry.get(layerName), ctx.actor);
    const { datetime } = parseItemQuery(raw);
    const found = isUuid(id)
      ? await this.database.read(ctx, (tx) => this.features.item(tx, view, id, datetime))
      : null;
    if (!found) throw noFeature(view.layer, id);
    const links: Link[] = [
      { rel: 'self', type: mediaTypes.geoJson, href: withParameters(`${collectionUrl}/items/${id}`, raw) },
      { rel: 'collection', type: mediaTypes.json, href: collectionUrl },
    ];
    const body = `${found.feature.slice(0, -1)},"links":${JSON.stringify(links)}}`;
    return { body, links, etag: featureEtag(found.version, view.columns) };
  }
}

/**
 * The version, by which a change will say what it is based on, and a digest of the columns shown: two callers who may
 * read different columns never share a copy.
 */
export function featureEtag(version: number, columns: readonly LayerColumn[]): string {
  const names = columns.map((column) => column.name).join();
  return `"${version}.${createHash('sha256').update(names).digest('base64url').slice(0, 6)}"`;
}

/** 404 for a feature that is not there for this caller. */
export function noFeature(layer: Layer, id: string): Problem {
  return new Problem(404, 'feature-unknown', `There is no feature "${id.slice(0, 60)}" in ${layer.name}.`, [
    { where: 'id', value: id.slice(0, 60), message: 'unknown feature' },
  ]);
}

/** `next` keeps every parameter of the request: a box dropped on the way would lead a client through the whole town. */
function pageLinks(itemsUrl: string, raw: RawQuery, after: string | null): Link[] {
  const collectionUrl = itemsUrl.replace(/\/items$/, '');
  return [
    { rel: 'self', type: mediaTypes.geoJson, href: withParameters(itemsUrl, raw) },
    { rel: 'collection', type: mediaTypes.json, href: collectionUrl },
    ...(after
      ? [{ rel: 'next', type: mediaTypes.geoJson, href: withParameters(itemsUrl, { ...raw, after }) }]
      : []),
  ];
}

function withParameters(url: string, raw: RawQuery): string {
  const entries = Object.entries(raw).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return entries.length ? `${url}?${new URLSearchParams(entries).toString()}` : url;
}
