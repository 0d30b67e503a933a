import { endpoint } from '../../core/endpoint.ts';
import { presentJob } from './present-job.ts';
import { jobParams, jobSchema } from './schemas.ts';

export const cancelJob = endpoint({
  method: 'POST',
  path: '/v1/jobs/:id/cancel',
  permission: 'use',
  tag: 'Jobs',
  summary: 'Cancel a job; one that has ended is answered unchanged',
  params: jobParams,
  response: jobSchema,
  verb: 'cancelJob',
  toCore: (_body, { params }) => ({ id: params.id }),
  fromCore: presentJob,
});
