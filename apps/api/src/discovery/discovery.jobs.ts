import { z } from 'zod';
import { defineJob } from '../platform/queue/job.js';

/** Holds the map against the roll, ward by ward; called again it goes on with the wards that are left. */
export const discover = defineJob({
  name: 'discovery.run',
  queue: 'batch',
  payload: z.object({ runId: z.uuid() }),
  key: ({ runId }) => runId,
});
