import { z } from 'zod';
import { defineJob } from '../platform/queue/job.js';

/** Cuts a run into chunks and adds a job for each. */
export const planRun = defineJob({
  name: 'assessment.plan',
  queue: 'batch',
  payload: z.object({ runId: z.uuid() }),
  key: ({ runId }) => runId,
});

/** Assesses the properties of one chunk in one transaction. */
export const assessChunk = defineJob({
  name: 'assessment.chunk',
  queue: 'batch',
  payload: z.object({ runId: z.uuid(), chunkNo: z.int().positive() }),
  key: ({ runId, chunkNo }) => `${runId}-${chunkNo}`,
});

/** Posts the demands of one chunk of a run that is being published, in one transaction. */
export const postChunk = defineJob({
  name: 'assessment.post',
  queue: 'batch',
  payload: z.object({ runId: z.uuid(), chunkNo: z.int().positive() }),
  key: ({ runId, chunkNo }) => `${runId}-${chunkNo}`,
});

/** Sets the classes of the tax map after a publication. */
export const classifyMap = defineJob({
  name: 'assessment.map',
  queue: 'batch',
  payload: z.object({ runId: z.uuid() }),
  key: ({ runId }) => runId,
});

/** Where a run's watchers wait. */
export const runTopic = (runId: string) => `assessment-run-${runId}`;
