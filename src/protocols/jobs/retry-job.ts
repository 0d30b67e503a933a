import type { Operation } from '../../core/endpoint.ts';
import { jobParams, jobSchema } from './schemas.ts';

export const retryJob = {
  method: 'POST',
  path: '/v1/jobs/:id/retry',
  permission: 'use',
  tag: 'Jobs',
  summary: 'Submit the request of an ended job again, as a new job',
  status: 202,
  params: jobParams,
  response: jobSchema,
} satisfies Operation;
