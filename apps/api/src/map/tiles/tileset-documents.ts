import type { Box } from '../features/feature-query.js';
import { crs84, type Link, mediaTypes } from '../features/ogc-documents.js';
import type { Layer, LayerColumn } from '../layer.js';
import { tileColumns } from '../readable.js';

const matrixSet = 'http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad';
const webMercator = 'http://www.opengis.net/def/crs/EPSG/0/3857';
const halfWorldM = 20_037_508.342789244;
/** Scale denominator and metres per pixel of zoom 0 (OGC 17-083r4, annex D.1). */
const scale0 = 559_082_264.028717;
const cell0 = 156_543.033928041;

/** The tile sets of one layer: there is one. */
export function tilesetList(base: string, layer: Layer): object {
  const self = `${base}/collections/${layer.name}/tiles`;
  return {
    links: [{ rel: 'self', type: mediaTypes.json, href: self }],
    tilesets: [
      {
        title: layer.title.en,
        dataType: 'vector',
        crs: webMercator,
        tileMatrixSetURI: matrixSet,
        links: [{ rel: 'self', type: mediaTypes.json, href: `${self}/WebMercatorQuad` }],
      },
    ],
  };
}

/** The tile set of one layer by OGC tile set metadata; `tilejson` fields stand beside it for clients that read those. */
export function tilesetDocument(base: string, layer: Layer, bbox: Box | null, maxZoom: number): object {
  const self = `${base}/collections/${layer.name}/tiles/WebMercatorQuad`;
  const template = `${self}/{tileMatrix}/{tileRow}/{tileCol}`;
  return {
    title: layer.title.en,
    dataType: 'vector',
    crs: webMercator,
    tileMatrixSetURI: matrixSet,
    ...(bbox ? { boundingBox: { crs: crs84, lowerLeft: bbox.slice(0, 2), upperRight: bbox.slice(2) } } : {}),
    layers: [
      {
        id: layer.name,
        title: layer.title.en,
        dataType: 'vector',
        geometryDimension: { Point: 0, LineString: 1, MultiPolygon: 2 }[layer.geometry],
        minTileMatrix: String(layer.minZoom),
        maxTileMatrix: String(maxZoom),
        propertiesSchema: { type: 'object', properties: tileSchema(tileColumns(layer, maxZoom)) },
      },
    ],
    links: [
      { rel: 'self', type: mediaTypes.json, href: self },
      {
        rel: 'http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme',
        type: mediaTypes.json,
        href: `${base}/tileMatrixSets/WebMercatorQuad`,
      },
      { rel: 'item', type: mediaTypes.mvt, href: template, templated: true },
    ] satisfies Link[],
    tilejson: '3.0.0',
    name: layer.name,
    tiles: [template.replace('{tileMatrix}', '{z}').replace('{tileRow}', '{y}').replace('{tileCol}', '{x}')],
    minzoom: layer.minZoom,
    maxzoom: maxZoom,
    ...(bbox ? { bounds: bbox } : {}),
    vector_layers: [
      {
        id: layer.name,
        minzoom: layer.minZoom,
        fields: Object.fromEntries(tileColumns(layer, maxZoom).map(({ name, label }) => [name, label.en])),
      },
    ],
  };
}

function tileSchema(columns: LayerColumn[]): Record<string, object> {
  const types = { integer: 'integer', numeric: 'number', boolean: 'boolean' } as Record<string, string>;
  return Object.fromEntries(
    columns.map(({ name, type, label }) => [name, { type: types[type] ?? 'string', title: label.en }]),
  );
}

export function tileMatrixSetList(base: string): object {
  const href = `${base}/tileMatrixSets/WebMercatorQuad`;
  const links = [{ rel: 'self', type: mediaTypes.json, href }];
  return { tileMatrixSets: [{ id: 'WebMercatorQuad', title: 'Web Mercator', uri: matrixSet, links }] };
}

/** The definition of WebMercatorQuad down to `maxZoom`. */
export function webMercatorQuad(maxZoom: number): object {
  return {
    id: 'WebMercatorQuad',
    title: 'Web Mercator',
    uri: matrixSet,
    crs: webMercator,
    orderedAxes: ['X', 'Y'],
    wellKnownScaleSet: 'http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible',
    tileMatrices: Array.from({ length: maxZoom + 1 }, (_, z) => ({
      id: String(z),
      scaleDenominator: scale0 / 2 ** z,
      cellSize: cell0 / 2 ** z,
      cornerOfOrigin: 'topLeft',
      pointOfOrigin: [-halfWorldM, halfWorldM],
      tileWidth: 256,
      tileHeight: 256,
      matrixWidth: 2 ** z,
      matrixHeight: 2 ** z,
    })),
  };
}
