import { parse } from 'yaml';
import { z } from 'zod';
import { Problem } from '../../core/problem.js';

const text = z.string().min(1).max(200);
/** YAML reads 1 as a number and yes as a word; a value in a file is always text. */
const value = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** Exact factors into the metric unit that the layer's column is kept in. */
export const unitFactors = {
  m: '1',
  km: '1000',
  ft: '0.3048',
  yd: '0.9144',
  m2: '1',
  ft2: '0.09290304',
  yd2: '0.83612736',
  acre: '4046.8564224',
  hectare: '10000',
  guntha: '101.17141056',
} as const;

/** What fills one column of the layer: one column of the file or several joined, or the same for all. */
export const columnMappingSchema = z
  .strictObject({
    from: z.union([text, z.array(text).min(1).max(10)]).optional(),
    /** Between the values of several columns. */
    join: z.string().max(10).optional(),
    /** True where the file may lack the column. */
    optional: z.boolean().optional(),
    constant: value.optional(),
    /** Where the file gives no value. */
    default: value.optional(),
    /** Values that stand for "none"; one that ends in `*` means all that begin so. */
    nonKeys: z.array(text).max(100).optional(),
    /** Values that the source writes where there is none, such as 0 for a year; left empty without a word. */
    none: z.array(value).max(50).optional(),
    /** Value in the file -> value in the layer; any other is reported and left empty. */
    codes: z.record(z.string(), value).optional(),
    transform: z.array(z.enum(['upper', 'lower', 'number'])).optional(),
    date: z.enum(['YYYY-MM-DD', 'DD-MM-YYYY', 'DD/MM/YYYY', 'MM/DD/YYYY', 'YYYY', 'YYYYMMDD']).optional(),
    unit: z.enum(Object.keys(unitFactors) as [keyof typeof unitFactors]).optional(),
    /** A negative number means "not known" in this column. */
    negativeIsNone: z.boolean().optional(),
  })
  .refine((column) => (column.from === undefined) !== (column.constant === undefined), {
    message: 'give either from (a column of the file) or constant',
  });

export type ColumnMapping = z.infer<typeof columnMappingSchema>;

/**
 * How the columns of one kind of file become the columns of one layer. Kept as a YAML file beside the data
 * it reads.
 */
const mappingSchema = z.strictObject({
  layer: text,
  title: z.string().max(500).optional(),
  attribution: z.string().max(500).optional(),
  /** Coordinate reference system where the file does not say: `EPSG:32643`. */
  srs: z
    .string()
    .regex(/^EPSG:\d{4,6}$/)
    .optional(),
  encoding: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,30}$/)
    .optional(),
  /** The layer inside a file that has several. */
  sourceLayer: text.optional(),
  /** Columns of a CSV file that hold the place. */
  x: text.optional(),
  y: text.optional(),
  /**
   * Columns that name a feature of the file, so that a second import finds it; `$fid` is the file's own
   * number.
   */
  key: z.union([text, z.array(text).min(1).max(5)]),
  /** Sets the keys of this source apart from those of others in the same layer. */
  keyPrefix: z.string().max(50).default(''),
  /** True where the file is the whole of its source: what it no longer has is retired. */
  complete: z.boolean().default(false),
  /** Features of one key are pieces of one feature; otherwise a second one is rejected. */
  pieces: z.enum(['reject', 'merge']).default('reject'),
  /** True where many features rightly bear one official number, as the pieces of a street do. */
  numberShared: z.boolean().default(false),
  /** A repair that changes the area by a larger share is rejected. */
  areaTolerance: z.number().min(0).max(1).default(0.05),
  columns: z.record(z.string(), columnMappingSchema),
});

export type Mapping = z.infer<typeof mappingSchema>;

/** The name of the file's own feature number, as a key or a source column. */
export const FID = '$fid';

/** Reads a mapping from YAML text, or throws a Problem that names each fault and its place. */
export function readMapping(yaml: string): Mapping {
  const mapping = readYaml(yaml, mappingSchema);
  if (!mapping.complete || mapping.keyPrefix) return mapping;
  const errors = [{ where: '/keyPrefix', message: 'a complete source needs one' }];
  throw new Problem(
    422,
    'mapping-wrong',
    'complete: true retires what the file lacks, so it needs a keyPrefix: ' +
      'without one it would retire the features of other sources too.',
    errors,
  );
}

/** Reads YAML by a schema; faults become one Problem with a line for each. */
export function readYaml<T>(yaml: string, schema: z.ZodType<T>): T {
  let raw: unknown;
  try {
    raw = parse(yaml, { maxAliasCount: 20 });
  } catch (error) {
    const message = (error as Error).message.split('\n')[0] ?? 'no YAML';
    throw new Problem(422, 'mapping-unreadable', `The mapping is no YAML: ${message}`);
  }
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => ({
    where: `/${issue.path.join('/')}`,
    message: issue.message,
  }));
  const first = errors[0];
  throw new Problem(
    422,
    'mapping-wrong',
    `The mapping has ${errors.length} fault(s), the first at ${first?.where}: ${first?.message}.`,
    errors,
  );
}

/** The columns of the file that a column mapping reads. */
export function sourcesOf(mapping: ColumnMapping): string[] {
  if (mapping.from === undefined) return [];
  return Array.isArray(mapping.from) ? mapping.from : [mapping.from];
}

export function keyColumns(mapping: Mapping): string[] {
  return Array.isArray(mapping.key) ? mapping.key : [mapping.key];
}
