import { z } from 'zod';
import { financialYear } from '../assessment.schema.js';

/** The year, and which assessment of it; without a number the one in force. */
export const explained = z.object({
  fy: financialYear,
  no: z.coerce.number().int().min(1).max(32_767).optional(),
});
export type Explained = z.output<typeof explained>;
