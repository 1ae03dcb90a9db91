import { z } from 'zod';
import { limits } from '../../platform/limits.js';
import { financialYear } from '../assessment.schema.js';

export const equityQuery = z.object({
  /** The year whose assessments are held against the prices. */
  fy: financialYear,
  /** The step of the tariff that is the value, or `tax` for the tax itself; absent: the last step of the property. */
  basis: z
    .string()
    .regex(/^[a-z][a-z0-9_]{0,59}$/)
    .optional(),
  /** Sales from and until these days; absent: the three years before the financial year ends. */
  from: z.iso.date().optional(),
  until: z.iso.date().optional(),
});
export type EquityQuery = z.output<typeof equityQuery>;

export const salesFile = z.strictObject({
  fileName: z.string().trim().min(1).max(200),
  /** CSV with a header: property, sold_on, price, document, and if known arms_length and reason. */
  text: z.string().min(1),
  dryRun: z.boolean().default(false),
});
export type SalesFile = z.output<typeof salesFile>;

export const salesQuery = z.object({
  after: z.uuid().optional(),
  armsLength: z.enum(['true', 'false']).optional(),
  limit: z.coerce.number().int().min(1).max(limits.pageRows).default(limits.pageRowsDefault),
});
export type SalesQuery = z.output<typeof salesQuery>;

export const saleChange = z.strictObject({
  armsLength: z.boolean(),
  reason: z.string().trim().min(5, 'Say in a few words why').max(500),
});
export type SaleChange = z.output<typeof saleChange>;

export const id = z.uuid();
