import { z } from 'zod';
import { isDay, parseFinancialYear } from '../core/period.js';
import { limits } from '../platform/limits.js';

/** `2026-27`, read as its first calendar year. */
export const financialYear = z
  .string()
  .refine((text) => parseFinancialYear(text) !== null, 'Expected a financial year such as 2026-27')
  .transform((text) => parseFinancialYear(text) as number);

export const newRun = z.strictObject({
  fy: financialYear,
  wardNumbers: z.array(z.string().min(1).max(40)).min(1).max(1_000).nullish(),
  effectiveOn: z.string().refine(isDay, 'Expected a day such as 2026-04-01').optional(),
  /** Made by whoever asks: the same request sent twice starts one run. */
  clientKey: z.string().min(8).max(100).optional(),
});
export type NewRun = z.output<typeof newRun>;

export const rowPage = z.object({
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(limits.pageRows).default(limits.pageRowsDefault),
});
export type RowPage = z.output<typeof rowPage>;

export const ofYear = z.object({ fy: financialYear });
export const id = z.uuid();

export const tile = {
  z: z.coerce.number().int().min(0).max(limits.tileZoomMax),
  index: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** limits.tileZoomMax - 1),
};
