import { z } from 'zod';
import { limits } from '../../../platform/limits.js';
import { day } from '../property-file.schema.js';

export const bulkBody = z.strictObject({
  file: z.string().trim().min(1).max(200),
  /** The CSV itself: UTF-8, commas, the first line names the columns. */
  text: z.string().min(1, 'The file is empty').max(limits.changeFileLength, 'Split the file: it is too long'),
  /** Where the rows do not say it themselves. */
  effectiveOn: day.optional(),
  document: z.string().trim().max(300).optional(),
  reason: z.string().trim().max(500).optional(),
  dryRun: z.boolean().default(false),
});
export type BulkBody = z.output<typeof bulkBody>;
