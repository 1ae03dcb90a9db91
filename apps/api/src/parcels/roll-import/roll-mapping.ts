import { z } from 'zod';
import { isDay } from '../../core/period.js';
import { columnMappingSchema, readYaml, type ColumnMapping } from '../../map/import/mapping.js';
import type { LayerColumn } from '../../map/layer.js';

const columns = z.record(z.string(), columnMappingSchema).default({});
/** A fact says which type it has; the rest is a column's mapping, checked when it is read. */
const facts = z
  .record(
    z.string().regex(/^[a-z][a-z0-9_]{0,39}$/),
    z.looseObject({ as: z.enum(['text', 'number', 'boolean']) }),
  )
  .default({});
const day = z.string().refine(isDay, { message: 'a day, YYYY-MM-DD' });

/**
 * How a CSV of a tax roll becomes properties, each with one unit, one owner where named, its land and its
 * arrears.
 */
const rollMappingSchema = z.strictObject({
  roll: z.literal(true),
  title: z.string().max(500).optional(),
  attribution: z.string().max(500).optional(),
  encoding: z.string().max(30).optional(),
  separator: z.enum([',', ';', '\t', '|']).default(','),
  /** The property's number. `ordinal` appends its position among the rows of one number: `127-123-2`. */
  number: z.strictObject({
    from: z.union([z.string(), z.array(z.string()).min(1).max(5)]),
    join: z.string().max(5).optional(),
    ordinal: z.boolean().default(false),
    /** Stands for the number where the row has none; with `ordinal` such rows are told apart. */
    whenMissing: z.string().max(50).optional(),
  }),
  /** The number of the land, as parcels bear it. */
  parcel: columnMappingSchema.optional(),
  /** From this day on the units and owners of the roll hold. */
  effectiveFrom: day,
  property: columns,
  unit: columns,
  owner: columns.refine((owner) => Object.keys(owner).length === 0 || 'name' in owner, {
    message: 'an owner is known by a name: map name too',
  }),
  facts: z.strictObject({ property: facts, unit: facts }).default({ property: {}, unit: {} }),
  /** Dues brought forward: a column with an amount in rupees, for a head and a year. */
  arrears: z
    .array(z.strictObject({ from: z.string(), head: z.string(), fy: z.int(), dueOn: day }))
    .max(20)
    .refine((given) => new Set(given.map(({ head, fy }) => `${head} ${fy}`)).size === given.length, {
      message: 'one column for a head and a year: their dues are one opening balance',
    })
    .default([]),
});

export type RollMapping = z.infer<typeof rollMappingSchema>;

/** Reads a roll's mapping from YAML text, or throws a Problem that names each fault and its place. */
export function readRollMapping(yaml: string): RollMapping {
  return readYaml(yaml, rollMappingSchema as z.ZodType<RollMapping>);
}

const column = (name: string, type: LayerColumn['type'], more: Partial<LayerColumn> = {}): LayerColumn => ({
  name,
  type,
  label: { en: name, hi: name, mr: name },
  ...more,
});

/** A column of the roll: which table it belongs to, its name there, and the exact type there. */
export interface RollColumn {
  table: 'properties' | 'units' | 'owners';
  name: string;
  sqlType: string;
  /** As the column compiler knows it: its name tells the table. */
  described: LayerColumn;
}

const of = (
  table: RollColumn['table'],
  word: string,
  list: [name: string, type: LayerColumn['type'], sqlType: string, more?: Partial<LayerColumn>][],
): RollColumn[] =>
  list.map(([name, type, sqlType, more]) => ({
    table,
    name,
    sqlType,
    described: column(`${word}_${name}`, type, more),
  }));

/** Every column of the roll that a file may fill. */
export const rollColumns: readonly RollColumn[] = [
  ...of('properties', 'property', [
    ['ward_number', 'text', 'text'],
    ['zone_number', 'text', 'text'],
    ['category', 'text', 'text'],
    ['locality', 'text', 'text'],
    ['address', 'text', 'text'],
    ['address_local', 'text', 'text'],
    ['land_area_m2', 'numeric', 'numeric(14,4)', { min: 0, max: 9_999_999_999 }],
  ]),
  ...of('units', 'unit', [
    ['floor', 'text', 'text'],
    ['use', 'text', 'text'],
    ['structure', 'text', 'text'],
    ['occupancy', 'text', 'text'],
    ['year_built', 'integer', 'int', { min: 1000, max: 2200 }],
    ['area_m2', 'numeric', 'numeric(14,4)', { min: 0, max: 9_999_999_999 }],
    ['declared_area_m2', 'numeric', 'numeric(14,4)', { min: 0, max: 9_999_999_999 }],
    ['measured_area_m2', 'numeric', 'numeric(14,4)', { min: 0, max: 9_999_999_999 }],
    ['capital_value', 'numeric', 'numeric(18,2)', { min: 0 }],
  ]),
  ...of('owners', 'owner', [
    ['name', 'text', 'text'],
    ['name_local', 'text', 'text'],
    ['mobile', 'text', 'text'],
    ['class', 'text', 'text'],
    // The smallest share that the column holds: an owner of nothing is none.
    ['share', 'numeric', 'numeric(9,8)', { min: 0.00000001, max: 1 }],
  ]),
];

/** The mapping by the compiler's names: `property_address`, `unit_use`, `fact_property_total_value`. */
export function mappedColumns(mapping: RollMapping): {
  columns: RollColumn[];
  mappings: Record<string, ColumnMapping>;
} {
  const mappings: Record<string, ColumnMapping> = {};
  const words = { property: mapping.property, unit: mapping.unit, owner: mapping.owner };
  for (const [word, group] of Object.entries(words)) {
    for (const [name, given] of Object.entries(group)) mappings[`${word}_${name}`] = given;
  }
  return { columns: rollColumns.filter(({ described }) => mappings[described.name]), mappings };
}

const factTypes = { text: 'text', number: 'numeric', boolean: 'boolean' } as const;

/** Facts that only a certain tariff asks, as columns of the compiler. */
export function factColumns(
  mapping: RollMapping,
): { level: 'property' | 'unit'; name: string; column: LayerColumn; mapping: ColumnMapping }[] {
  return (['property', 'unit'] as const).flatMap((level) =>
    Object.entries(mapping.facts[level]).map(([name, given]) => {
      const { as, ...rest } = given as { as: keyof typeof factTypes };
      return {
        level,
        name,
        column: column(`fact_${level}_${name}`, factTypes[as]),
        mapping: columnMappingSchema.parse(rest),
      };
    }),
  );
}
