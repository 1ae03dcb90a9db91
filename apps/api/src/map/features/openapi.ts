import { limits } from '../../platform/limits.js';
import type { ColumnType, Layer, LayerColumn } from '../layer.js';
import { mediaTypes } from './ogc-documents.js';

const reference = (name: string) => ({ $ref: `#/components/parameters/${name}` });
const problem = { $ref: '#/components/responses/Problem' };
const answer = (description: string, type: string, schema: object = { type: 'object' }) => ({
  '200': { description, content: { [type]: { schema } } },
  default: problem,
});

const types: Record<ColumnType, object> = {
  text: { type: 'string' },
  integer: { type: 'integer' },
  numeric: { type: 'number' },
  boolean: { type: 'boolean' },
  date: { type: 'string', format: 'date' },
  timestamp: { type: 'string', format: 'date-time' },
  uuid: { type: 'string', format: 'uuid' },
};

/**
 * The definition of `/ogc/{ulb}` in OpenAPI 3.1, complete in itself: no reference leads out of it. Each layer has paths of
 * its own, so that a client finds the properties by which it may filter. `columnsOf` gives what the caller may read.
 */
export function openApiDocument(
  base: string,
  title: string,
  layers: readonly Layer[],
  columnsOf: (layer: Layer) => readonly LayerColumn[],
): object {
  const paths = Object.assign(
    {},
    fixedPaths(),
    ...layers.map((layer) => layerPaths(layer, columnsOf(layer))),
  );
  return {
    openapi: '3.1.0',
    info: { title: `Jarib: ${title}`, version: '1.0.0', description: 'OGC API Features and Tiles.' },
    servers: [{ url: base }],
    tags: [
      { name: 'service', description: 'What the service is' },
      ...layers.map((layer) => ({ name: layer.name, description: layer.title.en })),
    ],
    security: [{ basic: [] }, { bearer: [] }, { session: [] }],
    paths,
    components: components(),
  };
}

function fixedPaths(): Record<string, object> {
  const get = (
    operationId: string,
    summary: string,
    type: string = mediaTypes.json,
    parameters: object[] = [],
  ) => ({
    get: { operationId, summary, tags: ['service'], parameters, responses: answer(summary, type) },
  });
  return {
    '/': get('getLandingPage', 'Landing page'),
    '/conformance': get('getConformance', 'Conformance classes'),
    '/api': get('getDefinition', 'This definition', mediaTypes.openApi),
    '/collections': get('getCollections', 'Layers'),
    '/tileMatrixSets': get('getTileMatrixSets', 'Tile matrix sets'),
    '/tileMatrixSets/WebMercatorQuad': get('getWebMercatorQuad', 'The tile matrix set WebMercatorQuad'),
  };
}

function layerPaths(layer: Layer, columns: readonly LayerColumn[]): Record<string, object> {
  const path = `/collections/${layer.name}`;
  const get = (verb: string, summary: string, responses: object, parameters: object[] = []) => ({
    get: { operationId: `${verb}.${layer.name}`, summary, tags: [layer.name], parameters, responses },
  });
  const filters = columns.map((column) => ({
    name: column.name,
    in: 'query',
    required: false,
    description: column.label.en,
    schema: columnSchema(column),
    style: 'form',
    explode: false,
  }));
  const feature = featureSchema(columns);
  const page = { type: 'object', properties: { features: { type: 'array', items: feature } } };
  return {
    [path]: get('getCollection', layer.title.en, answer('The layer', mediaTypes.json)),
    [`${path}/items`]: get(
      'getItems',
      `Features of ${layer.title.en}`,
      answer('A page', mediaTypes.geoJson, page),
      [...['limit', 'bbox', 'datetime', 'after', 'f'].map(reference), ...filters],
    ),
    [`${path}/items/{featureId}`]: get('getItem', 'One feature', answer('It', mediaTypes.geoJson, feature), [
      ...['featureId', 'datetime', 'f'].map(reference),
    ]),
    [`${path}/tiles`]: get('getTilesets', 'Tile sets', answer('The list', mediaTypes.json)),
    [`${path}/tiles/WebMercatorQuad`]: get('getTileset', 'The tile set', answer('It', mediaTypes.json)),
    [`${path}/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}`]: get(
      'getTile',
      'One tile',
      {
        ...answer('The tile', mediaTypes.mvt, { type: 'string' }),
        '204': { description: 'Nothing lies here' },
      },
      ['tileMatrix', 'tileRow', 'tileCol'].map(reference),
    ),
  };
}

/** One column as JSON schema: its type, and its codes where only they are allowed. */
function columnSchema(column: LayerColumn): object {
  return { ...types[column.type], ...(column.codes ? { enum: Object.keys(column.codes) } : {}) };
}

function featureSchema(columns: readonly LayerColumn[]): object {
  const entries = columns.map((column) => [column.name, { ...columnSchema(column), title: column.label.en }]);
  return {
    type: 'object',
    required: ['type', 'id', 'geometry', 'properties'],
    properties: {
      type: { type: 'string', enum: ['Feature'] },
      id: types.uuid,
      geometry: { type: 'object' },
      properties: { type: 'object', properties: Object.fromEntries(entries) },
    },
  };
}

function components(): object {
  const query = (name: string, description: string, schema: object) => ({
    name,
    in: 'query',
    required: false,
    description,
    schema,
    style: 'form',
    explode: false,
  });
  const path = (name: string, schema: object) => ({ name, in: 'path', required: true, schema });
  const number = { type: 'integer', minimum: 0 };
  return {
    parameters: {
      limit: query('limit', 'Features of one page. More than the most is the most.', {
        type: 'integer',
        minimum: 1,
        maximum: limits.pageFeatures,
        default: limits.pageFeaturesDefault,
      }),
      bbox: query('bbox', 'west,south,east,north in degrees', {
        type: 'array',
        minItems: 4,
        maxItems: 6,
        items: { type: 'number' },
      }),
      datetime: query(
        'datetime',
        'An instant or an interval. Layers that the law dates (wards, zones) answer with what is in force then, all ' +
          'others with what was recorded then.',
        { type: 'string' },
      ),
      after: query('after', 'The place where a page begins, taken from a "next" link', { type: 'string' }),
      f: query('f', 'The format', { type: 'string', enum: ['json'] }),
      featureId: path('featureId', types.uuid),
      tileMatrix: path('tileMatrix', { ...number, maximum: limits.tileZoomMax }),
      tileRow: path('tileRow', number),
      tileCol: path('tileCol', number),
    },
    responses: {
      Problem: {
        description: 'What is wrong, where, with which value, and what to do (RFC 9457)',
        content: { 'application/problem+json': { schema: { type: 'object' } } },
      },
    },
    securitySchemes: {
      basic: { type: 'http', scheme: 'basic', description: 'Login, and an API token as the password' },
      bearer: { type: 'http', scheme: 'bearer', description: 'An API token' },
      session: { type: 'apiKey', in: 'cookie', name: 'jarib_session' },
    },
  };
}
