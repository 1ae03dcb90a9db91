import { z } from 'zod';
import { defineJob } from '../../platform/queue/job.js';

/** Reckons a simulation of a large city; of what is done already nothing is done again. */
export const simulate = defineJob({
  name: 'assessment.simulate',
  queue: 'batch',
  payload: z.object({ simulationId: z.uuid() }),
  key: ({ simulationId }) => simulationId,
});
