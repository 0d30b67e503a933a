import { z } from 'zod';
import type { Operation } from '../../core/endpoint.ts';
import { jobSchema, metadata } from './schemas.ts';
import { jobWebhook } from './webhook.ts';

/** A form carries `body`, `metadata` and the like as JSON text; the API parses it before this schema sees it. */
const submission = z.strictObject({
  endpoint: z
    .string()
    .startsWith('/', { error: "Expected the path of an endpoint, such as '/v1/embeddings'." })
    .describe('Path of the endpoint to call.'),
  body: z.unknown().describe('What would be the body of that call.'),
  metadata: metadata.default({}),
  deadline_at: z
    .int()
    .refine((seconds) => seconds * 1000 > Date.now(), { error: 'Expected a time in the future, in Unix seconds.' })
    .nullish()
    .describe('When the work must be done, in Unix seconds.'),
  webhook: jobWebhook.nullish(),
});

export const submitJob = {
  method: 'POST',
  path: '/v1/jobs',
  permission: 'use',
  tag: 'Jobs',
  summary: 'Run a call of any endpoint that has a job form as a job',
  status: 202,
  largeBody: true,
  body: submission,
  response: jobSchema,
} satisfies Operation;
