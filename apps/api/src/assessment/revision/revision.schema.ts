import { z } from 'zod';
import { isDay } from '../../core/period.js';
import { financialYear } from '../assessment.schema.js';

/** Why one property is assessed anew, and on which paper. */
export const newRevision = z.strictObject({
  fy: financialYear,
  /** The day from which the corrected facts hold; absent: the first day of the year. */
  effectiveOn: z.string().refine(isDay, 'Expected a day such as 2026-04-01').optional(),
  reason: z.string().trim().min(3).max(1_000),
  /** Number and date of the order, where there is one. */
  order: z.string().trim().min(1).max(200).optional(),
  clientKey: z.string().min(8).max(100).optional(),
});
export type NewRevision = z.output<typeof newRevision>;
