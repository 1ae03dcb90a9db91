import { z } from 'zod';
import { limits } from '../platform/limits.js';

const page = {
  /** The number of the last property of the page before. */
  after: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(limits.pageRows).default(limits.pageRowsDefault),
};

/** `exception`: could not be assessed in the last run; `unassessed`: never was. Absent: all that are active. */
export const rollStatus = z.enum([
  'active',
  'retired',
  'assessed',
  'unassessed',
  'exempt',
  'exception',
  'unmapped',
]);
export type RollStatus = z.output<typeof rollStatus>;

export const rollQuery = z.object({
  ...page,
  ward: z.string().max(40).optional(),
  use: z.string().max(60).optional(),
  status: rollStatus.optional(),
});
export type RollQuery = z.output<typeof rollQuery>;

export const parcelQuery = z.object(page);
export type ParcelQuery = z.output<typeof parcelQuery>;

export const id = z.uuid();

export const revealBody = z.strictObject({
  reason: z.string().trim().min(5, 'Say in a few words why you need the names').max(500),
});
export type RevealBody = z.output<typeof revealBody>;
