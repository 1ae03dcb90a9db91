import { z } from 'zod';

const label = z.object({ en: z.string(), hi: z.string(), mr: z.string() });
const position = z.array(z.number());

/** One layer as its caller may read it: what the map draws, the table shows and the form asks for. */
export const layerSummary = z
  .object({
    name: z.string(),
    title: label,
    geometry: z.enum(['Point', 'LineString', 'MultiPolygon']),
    columns: z.array(
      z.object({
        name: z.string(),
        type: z.enum(['text', 'integer', 'numeric', 'boolean', 'date', 'timestamp', 'uuid']),
        label,
        codes: z.record(z.string(), label).optional(),
        personal: z.boolean().optional(),
        tileFromZoom: z.number().int().optional(),
        generated: z.boolean().optional(),
        required: z.boolean().optional(),
        unit: z.enum(['m', 'm2', 'W', 'years']).optional(),
        max: z.number().optional(),
        min: z.number().optional(),
      }),
    ),
    nameColumn: z.string(),
    numberColumn: z.string(),
    effective: z.boolean(),
    minZoom: z.number().int(),
    exactFromZoom: z.number().int(),
    mayWrite: z.boolean(),
    count: z.number().int(),
    bbox: position.nullable().describe('west, south, east, north in degrees; null while the layer is empty'),
  })
  .meta({ id: 'LayerSummary' });

export const layerSummaries = z.array(layerSummary);

export type LayerSummary = z.infer<typeof layerSummary>;

/** What a click on the map finds; the layer's columns stand beside these. */
export const clickedFeature = z
  .looseObject({ id: z.guid(), version: z.number().int(), center: position, bbox: position })
  .meta({ id: 'ClickedFeature' });

/** Every version of one feature, newest first. */
export const featureHistory = z
  .object({
    layer: z.string(),
    id: z.guid(),
    versions: z.array(
      z.object({
        version: z.number().int(),
        recordedAt: z.iso.datetime(),
        recordedBy: z.string(),
        changeset: z.object({ id: z.guid(), kind: z.string(), comment: z.string() }),
        endedAt: z.iso.datetime().nullable(),
        endedBy: z.string().nullable(),
        endedChangesetId: z.guid().nullable(),
        feature: z.unknown().describe('the version as a GeoJSON feature'),
      }),
    ),
  })
  .meta({ id: 'FeatureHistory' });

export const tileIdParameter = z
  .string()
  .regex(/^\d{1,16}$/, 'must be the integer id of a feature in a tile');
