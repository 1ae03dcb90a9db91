import type { z } from 'zod';

/** Three kinds of waiting: a person watches, a city is computed, a file is read. */
export type QueueName = 'quick' | 'batch' | 'import';
export const queueNames: readonly QueueName[] = ['quick', 'batch', 'import'];

/** A job as one literal beside its module. The payload names rows; what is to be done stands in Postgres. */
export interface JobDefinition<P extends object> {
  name: string;
  queue: QueueName;
  payload: z.ZodType<P>;
  /** While a job with this key is open, adding another gives the open one. */
  key?: (payload: P) => string;
  /** How often it is tried in all; absent: limits.jobAttempts. */
  attempts?: number;
  /** Pause before the second try, doubled for each further one. */
  backOffMs?: number;
}

/** States a job; keeps the payload's type with it. */
export function defineJob<P extends object>(definition: JobDefinition<P>): JobDefinition<P> {
  return definition;
}
