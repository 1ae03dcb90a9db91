import { z } from 'zod';

/** The figures that whoever publishes has read and typed: they must be those of the run. */
export const publishRequest = z.strictObject({
  /** Assessments that the run made: assessed and exempt. */
  assessments: z.int().min(0),
  totalPaise: z.string().regex(/^\d{1,18}$/, 'Expected whole paise such as 34122287000'),
});
export type PublishRequest = z.output<typeof publishRequest>;

export const withdrawRequest = z.strictObject({ reason: z.string().trim().min(3).max(1_000) });
export type WithdrawRequest = z.output<typeof withdrawRequest>;
