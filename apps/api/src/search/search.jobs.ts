import { z } from 'zod';
import { defineJob } from '../platform/queue/job.js';

/** Makes the terms of one noun anew after a file brought many of its rows, so that nobody waits for it. */
export const refreshTerms = defineJob({
  name: 'search.refresh',
  queue: 'batch',
  payload: z.object({ noun: z.string().min(1).max(60) }),
  key: ({ noun }) => noun,
});
