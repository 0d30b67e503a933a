import { z } from 'zod';
import type { Operation } from '../../core/endpoint.ts';
import { jobParams } from './schemas.ts';

export const followJob = {
  method: 'GET',
  path: '/v1/jobs/:id/events',
  permission: 'use',
  tag: 'Jobs',
  summary: "Follow a job's events as server-sent events",
  params: jobParams,
  query: z.strictObject({
    starting_after: z.coerce
      .number()
      .int()
      .nonnegative()
      .default(0)
      .describe('Answers the events after this sequence number; `Last-Event-ID` wins.'),
  }),
  response: z.string(),
} satisfies Operation;
