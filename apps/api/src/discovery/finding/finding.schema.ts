import { z } from 'zod';
import { isDay } from '../../core/period.js';
import { limits } from '../../platform/limits.js';
import { findingKinds, findingStates } from './states.js';

const day = z.string().refine(isDay, 'Expected a day such as 2026-04-01');
const amount = z
  .string()
  .regex(/^[1-9][0-9]{0,17}$/, 'Whole paise as digits, more than nothing')
  .describe('paise');

export const findingQuery = z.object({
  kind: z.enum(findingKinds).optional(),
  state: z.enum([...findingStates, 'open']).optional(),
  ward: z.string().max(40).optional(),
  /** What stands on this feature of the map: `buildings/123` or `parcels/123` with its number in tiles. */
  on: z
    .string()
    .regex(/^(buildings|parcels)\/[0-9]{1,16}$/)
    .optional(),
  /** `next` of the page before. */
  after: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(limits.pageRows).default(limits.pageRowsDefault),
});
export type FindingQuery = z.output<typeof findingQuery>;

const note = z.string().trim().min(5, 'Say in a few words what it rests on').max(1_000);

/** One step of the law. Each says what it rests on; a demand and a payment say their amount too. */
export const stateChange = z.discriminatedUnion('to', [
  z.strictObject({ to: z.literal('verified'), note }),
  z.strictObject({
    to: z.literal('noticed'),
    note,
    noticedOn: day.optional(),
    objectionsUntil: day.optional(),
  }),
  z.strictObject({ to: z.literal('objected'), note, objectedOn: day.optional() }),
  z.strictObject({ to: z.literal('demanded'), note, demandedOn: day.optional(), amountPaise: amount }),
  z.strictObject({ to: z.literal('paid'), note, paidOn: day.optional(), amountPaise: amount }),
  z.strictObject({ to: z.literal('dismissed'), note }),
]);
export type StateChange = z.output<typeof stateChange>;

export const funnelQuery = z.object({ kind: z.enum(findingKinds).optional() });
export type FunnelQuery = z.output<typeof funnelQuery>;

export const id = z.uuid();
export const tile = {
  z: z.coerce.number().int().min(0).max(limits.tileZoomMax),
  index: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 ** limits.tileZoomMax - 1),
};
