import { z } from 'zod';
import { isDay, parseFinancialYear } from '../../core/period.js';

/** `2026-27`, read as its first calendar year. */
const financialYear = z
  .string()
  .refine((text) => parseFinancialYear(text) !== null, 'Expected a financial year such as 2026-27')
  .transform((text) => parseFinancialYear(text) as number);

export const newDiscovery = z.strictObject({
  /** The year for which the extra tax is estimated; absent: the present one. */
  fy: financialYear.optional(),
  wardNumbers: z.array(z.string().min(1).max(40)).min(1).max(1_000).nullish(),
  /** The day on which the roll is read; absent: today. */
  effectiveOn: z.string().refine(isDay, 'Expected a day such as 2026-04-01').optional(),
});
export type NewDiscovery = z.output<typeof newDiscovery>;

export const id = z.uuid();
