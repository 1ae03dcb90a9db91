import { z } from 'zod';
import { parseFinancialYear } from '../../../core/period.js';
import { limits } from '../../../platform/limits.js';
import { day } from '../property-file.schema.js';

const area = z
  .string()
  .trim()
  .transform((given) => given.replaceAll(',', ''))
  .refine((given) => /^\d{1,12}(\.\d{1,4})?$/.test(given), {
    message: 'Write a plain number of m2, with at most four decimals',
    abort: true,
  })
  .refine((given) => Number(given) > 0, { message: 'A declared area is above 0', abort: true })
  .refine(
    (given) => Number(given) <= limits.unitAreaM2,
    `At most ${limits.unitAreaM2.toLocaleString('en-IN')} m2`,
  );
const code = z.string().trim().min(1).max(60);

export const declaredUnit = z.strictObject({
  /** Null for a unit that the roll does not have. */
  unitNo: z.int().min(1).max(32_000).nullable(),
  floor: code.nullable().default(null),
  use: code,
  occupancy: code.nullable().default(null),
  structure: code.nullable().default(null),
  declaredAreaM2: area,
});
export type DeclaredUnit = z.output<typeof declaredUnit>;

export const filing = z.strictObject({
  propertyId: z.uuid(),
  fy: z
    .string()
    .refine((text) => parseFinancialYear(text) !== null, 'Expected a financial year such as 2026-27')
    .transform((text) => parseFinancialYear(text) as number),
  filedFor: z.enum(['owner', 'occupier', 'office']).default('owner'),
  document: z.string().trim().max(300).nullable().default(null),
  units: z
    .array(declaredUnit)
    .min(1, 'Declare at least one unit')
    .max(limits.changeOperations)
    .refine((units) => {
      const numbers = units.flatMap(({ unitNo }) => (unitNo === null ? [] : [unitNo]));
      return new Set(numbers).size === numbers.length;
    }, 'Each unit is declared once'),
});
export type Filing = z.output<typeof filing>;

export const acceptance = z.strictObject({
  /** The change that it becomes, made by the client as its id. */
  changeId: z.uuid(),
  /** Units whose declared area becomes the adopted one, which taxes. Those left out keep theirs. */
  adopt: z.array(z.int().min(1)).default([]),
  /** New units are adopted as declared, or enter with no area that taxes. */
  adoptNew: z.boolean().default(false),
  effectiveOn: day.optional(),
  reason: z.string().trim().min(5, 'Say in a few words why').max(500),
});
export type Acceptance = z.output<typeof acceptance>;

export const returnsQuery = z.object({
  propertyId: z.uuid().optional(),
  status: z.enum(['filed', 'accepted', 'rejected', 'revised']).optional(),
});
export type ReturnsQuery = z.output<typeof returnsQuery>;
