import { z } from 'zod';
import { isDay } from '../../core/period.js';
import { parseShare } from '../../core/share.js';
import { limits } from '../../platform/limits.js';

const text = (most: number) => z.string().trim().max(most, `At most ${most} characters`);
/** An empty text takes the value away. */
const optionalText = (most: number) =>
  text(most)
    .transform((given) => given || null)
    .nullable();
const code = optionalText(60);

const areaUpTo = (most: number) =>
  z
    .string()
    .trim()
    .transform((given) => given.replaceAll(',', ''))
    .refine((given) => /^\d{1,12}(\.\d{1,4})?$/.test(given), {
      message: 'Write a plain number of m2, not below 0, with at most four decimals',
      abort: true,
    })
    .refine((given) => Number(given) <= most, `At most ${most.toLocaleString('en-IN')} m2`);

const area = areaUpTo(limits.unitAreaM2).nullable();
/** What taxes is never nothing. */
const adopted = areaUpTo(limits.unitAreaM2).refine((given) => Number(given) > 0, {
  message: 'The adopted area is the one that taxes: it must be above 0',
});
const landArea = areaUpTo(limits.landAreaM2).nullable();
const money = z
  .string()
  .trim()
  .transform((given) => given.replaceAll(',', ''))
  .refine((given) => /^\d{1,16}(\.\d{1,2})?$/.test(given), 'Write rupees, with at most two decimals')
  .nullable();

export const day = z.string().refine(isDay, 'Expected a day such as 2026-04-01');
const facts = z
  .record(
    z.string().regex(/^[a-z][a-z0-9_]{0,39}$/),
    z.union([z.string().max(500), z.number(), z.boolean(), z.null()]),
  )
  .refine((given) => Object.keys(given).length <= 60, 'At most 60 facts');

const propertyFields = {
  wardNumber: text(40).min(1, 'Name the ward').nullable(),
  zoneNumber: code,
  category: code,
  locality: optionalText(200),
  address: optionalText(500),
  addressLocal: optionalText(500),
  landAreaM2: landArea,
  facts,
};
export const noParcelReasons = ['not_mapped', 'ambiguous_key', 'unknown_key', 'no_key', 'disputed'] as const;
const land = {
  parcelIds: z.array(z.uuid()).max(500).default([]),
  noParcelReason: z.enum(noParcelReasons).nullable().default(null),
};
const withReason = {
  message: 'Say why the property has no parcel, or name its parcels',
  path: ['noParcelReason'],
};
const hasLand = (given: { parcelIds: string[]; noParcelReason: string | null }) =>
  given.parcelIds.length > 0 || given.noParcelReason !== null;

const unitFields = {
  floor: code,
  use: code,
  structure: code,
  occupancy: code,
  yearBuilt: z.int().min(1000, 'Not before 1000').max(2200, 'Not after 2200').nullable(),
  declaredAreaM2: area,
  measuredAreaM2: area,
  capitalValue: money,
  facts,
};
const ownerFields = {
  name: text(200).min(1, 'Name the owner'),
  nameLocal: optionalText(200),
  mobile: z
    .string()
    .trim()
    .transform((given) => given.replace(/[\s-]/g, '') || null)
    .refine((given) => given === null || /^\+?\d{8,15}$/.test(given), 'A mobile number has 8 to 15 digits')
    .nullable(),
  share: z
    .string()
    .max(30)
    .refine((given) => parseShare(given) !== null, 'Write a share as 1/2, 50% or 0.5; all shares make 1'),
  class: text(40).min(1),
};
const unitNo = z.int().min(1).max(32_000);
const somethingSet = [(given: object) => Object.keys(given).length > 0, 'Say what is to change'] as const;

/** What can be done to a property. Days, document and reason belong to the change as a whole. */
export const operation = z.discriminatedUnion('do', [
  z
    .strictObject({
      do: z.literal('create-property'),
      number: text(60).min(1, 'Give the property its number'),
      ...z.object(propertyFields).partial().shape,
      wardNumber: text(40).min(1, 'Name the ward'),
      ...land,
    })
    .refine(hasLand, withReason),
  z.strictObject({
    do: z.literal('alter-property'),
    set: z
      .strictObject(propertyFields)
      .partial()
      .refine(...somethingSet),
  }),
  z.strictObject({ do: z.literal('set-land'), ...land }).refine(hasLand, withReason),
  z.strictObject({ do: z.literal('retire-property') }),
  z.strictObject({
    do: z.literal('add-unit'),
    unitNo: unitNo.optional(),
    ...z.object(unitFields).partial().shape,
    use: text(60).min(1, 'Name the use'),
    areaM2: adopted.nullable().optional(),
  }),
  z.strictObject({
    do: z.literal('alter-unit'),
    unitNo,
    set: z
      .strictObject(unitFields)
      .partial()
      .refine(...somethingSet),
  }),
  z
    .strictObject({
      do: z.literal('adopt-area'),
      unitNo,
      /** `declared` and `measured` take the figure that the unit has; `stated` takes `areaM2`. */
      from: z.enum(['declared', 'measured', 'stated']),
      areaM2: adopted.optional(),
      reason: text(500).min(5, 'Say in a few words why this area is adopted'),
    })
    .refine((given) => (given.from === 'stated') === (given.areaM2 !== undefined), {
      message: 'Give the area where it is stated, and only there',
      path: ['areaM2'],
    }),
  z.strictObject({ do: z.literal('retire-unit'), unitNo }),
  z.strictObject({
    do: z.literal('add-owner'),
    ownerNo: unitNo.optional(),
    ...ownerFields,
    nameLocal: ownerFields.nameLocal.optional(),
    mobile: ownerFields.mobile.optional(),
    class: ownerFields.class.default('none'),
  }),
  z.strictObject({
    do: z.literal('alter-owner'),
    ownerNo: unitNo,
    set: z
      .strictObject(ownerFields)
      .partial()
      .refine(...somethingSet),
  }),
  z.strictObject({ do: z.literal('end-owner'), ownerNo: unitNo }),
]);
export type Operation = z.output<typeof operation>;

export const changeBody = z.strictObject({
  /** Of a new property made by the client, as the change's own id is. */
  propertyId: z.uuid(),
  /** The version that the maker saw; 0 for a new property. */
  baseVersion: z.int().min(0),
  effectiveOn: day,
  document: optionalText(300).optional(),
  reason: text(500).min(5, 'Say in a few words why'),
  operations: z
    .array(operation)
    .min(1, 'Say what is to change')
    .max(limits.changeOperations, `At most ${limits.changeOperations} acts in one change`),
  /** Sends the change to be checked, at once. */
  submit: z.boolean().default(false),
});
export type ChangeBody = z.output<typeof changeBody>;

export const returnBody = z.strictObject({
  reason: text(500).min(5, 'Say in a few words what must be mended'),
});
export type ReturnBody = z.output<typeof returnBody>;

export const changeStatuses = ['draft', 'submitted', 'approved', 'returned', 'withdrawn'] as const;

export const queueQuery = z.object({
  status: z.enum(changeStatuses).default('submitted'),
  propertyId: z.uuid().optional(),
  batchId: z.uuid().optional(),
  mine: z.stringbool().optional(),
  after: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(limits.pageRows).default(limits.pageRowsDefault),
});
export type QueueQuery = z.output<typeof queueQuery>;

export const knownQuery = z.object({
  on: day.optional(),
  knownAt: z.iso.datetime({ offset: true }).optional(),
});
export type KnownQuery = z.output<typeof knownQuery>;

export const numberQuery = z.object({ ward: text(40).min(1) });
