import { z } from 'zod';
import { isDay } from '../../core/period.js';
import { limits } from '../../platform/limits.js';

export const newTasks = z.strictObject({
  findingIds: z.array(z.uuid()).min(1).max(limits.pageRows),
  /** The login of who goes. */
  assignedTo: z.string().trim().toLowerCase().min(3).max(64),
  dueOn: z.string().refine(isDay, 'Expected a day such as 2026-04-01'),
  instruction: z.string().trim().max(1_000).optional(),
});
export type NewTasks = z.output<typeof newTasks>;

export const taskQuery = z.object({
  state: z.enum(['open', 'done', 'cancelled']).optional(),
  ward: z.string().max(40).optional(),
  assignedTo: z.string().max(64).optional(),
  /** The id of the last task of the page before. */
  after: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(limits.pageRows).default(limits.pageRowsDefault),
});
export type TaskQuery = z.output<typeof taskQuery>;

export const taskReport = z.strictObject({
  outcome: z.enum(['confirmed', 'refuted', 'unclear']),
  report: z.string().trim().min(5, 'Say in a few words what you saw').max(2_000),
});
export type TaskReport = z.output<typeof taskReport>;

export const id = z.uuid();
