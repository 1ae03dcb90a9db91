import type { FastifyRequest } from 'fastify';
import type { Config } from '../../platform/config.js';
import type { Layer } from '../layer.js';
import type { Box } from './feature-query.js';

export interface Link {
  rel: string;
  href: string;
  type?: string;
  title?: string;
  templated?: boolean;
}

export const mediaTypes = {
  json: 'application/json',
  geoJson: 'application/geo+json',
  openApi: 'application/vnd.oai.openapi+json;version=3.1',
  mvt: 'application/vnd.mapbox-vector-tile',
} as const;

export const crs84 = 'http://www.opengis.net/def/crs/OGC/1.3/CRS84';

/** What is implemented, tested by ourselves against the standard's own abstract tests. */
const conformance = [
  'http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core',
  'http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections',
  'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core',
  'http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson',
  'http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core',
  'http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset',
  'http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list',
  'http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/geodata-tilesets',
  'http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt',
];

/** The address under which the caller knows us: the configured one, or the one that was asked; then his municipality. */
export function ogcBase(config: Config, request: FastifyRequest): string {
  const origin = config.publicUrl?.replace(/\/$/, '') ?? `${request.protocol}://${request.host}`;
  return `${origin}/ogc/${request.principal?.ulbCode ?? ''}`;
}

/** If-None-Match: a list of entity tags, compared weakly, or `*` (RFC 9110, 13.1.2). */
export function sameEtag(header: string | undefined, etag: string): boolean {
  if (!header) return false;
  return header.split(',').some((part) => part.trim() === '*' || part.trim().replace(/^W\//, '') === etag);
}

/** The landing page of a municipality; `base` is `https://host/ogc/{ulb}`. */
export function landingPage(base: string, title: string): object {
  return {
    title,
    description: `The map of ${title}: features and vector tiles by OGC API.`,
    links: [
      { rel: 'self', type: mediaTypes.json, href: base, title: 'This document' },
      { rel: 'service-desc', type: mediaTypes.openApi, href: `${base}/api`, title: 'OpenAPI definition' },
      {
        rel: 'conformance',
        type: mediaTypes.json,
        href: `${base}/conformance`,
        title: 'Conformance classes',
      },
      { rel: 'data', type: mediaTypes.json, href: `${base}/collections`, title: 'Layers' },
      {
        rel: 'http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes',
        type: mediaTypes.json,
        href: `${base}/tileMatrixSets`,
        title: 'Tile matrix sets',
      },
    ] satisfies Link[],
  };
}

export function conformanceDeclaration(): object {
  return { conformsTo: conformance };
}

export function collectionsDocument(base: string, collections: object[]): object {
  return { links: [{ rel: 'self', type: mediaTypes.json, href: `${base}/collections` }], collections };
}

/** One layer as a collection. `bbox` is null while the layer is empty. */
export function collectionDocument(base: string, layer: Layer, bbox: Box | null): object {
  const self = `${base}/collections/${layer.name}`;
  return {
    id: layer.name,
    title: layer.title.en,
    itemType: 'feature',
    crs: [crs84],
    storageCrs: crs84,
    ...(bbox ? { extent: { spatial: { bbox: [bbox], crs: crs84 } } } : {}),
    links: [
      { rel: 'self', type: mediaTypes.json, href: self, title: layer.title.en },
      { rel: 'items', type: mediaTypes.geoJson, href: `${self}/items`, title: 'Features' },
      {
        rel: 'http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector',
        type: mediaTypes.json,
        href: `${self}/tiles`,
        title: 'Vector tiles',
      },
    ] satisfies Link[],
  };
}
