import { z } from 'zod';
import type { Operation } from '../../core/endpoint.ts';
import { jobParams, jobSchema } from './schemas.ts';

const maxWaitSeconds = 60;

export const getJob = {
  method: 'GET',
  path: '/v1/jobs/:id',
  permission: 'use',
  tag: 'Jobs',
  summary: 'Read a job, at once or as soon as it changes',
  params: jobParams,
  query: z.strictObject({
    wait: z.coerce
      .number()
      .int()
      .min(0)
      .max(maxWaitSeconds)
      .optional()
      .describe("Seconds to wait for the next change after `If-None-Match`; somebody else's job is answered at once."),
  }),
  response: jobSchema,
} satisfies Operation;
