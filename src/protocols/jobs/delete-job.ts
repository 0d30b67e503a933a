import { endpoint } from '../../core/endpoint.ts';
import { jobParams } from './schemas.ts';

export const deleteJob = endpoint({
  method: 'DELETE',
  path: '/v1/jobs/:id',
  permission: 'use',
  tag: 'Jobs',
  summary: 'Delete a job that has ended, with its result and events',
  status: 204,
  params: jobParams,
  response: null,
  verb: 'deleteJob',
  toCore: (_body, { params }) => ({ id: params.id }),
  fromCore: () => null,
});
