import type { Dialect } from '../../core/endpoint.ts';
import { cancelJob } from './cancel-job.ts';
import { deleteJob } from './delete-job.ts';
import { renderError } from './errors.ts';
import { listJobs } from './list-jobs.ts';

/** Our own API: the jobs that calls of every dialect can be. Reading one is HTTP's matter, see `api/routes`. */
export const jobs: Dialect = {
  name: 'jobs',
  endpoints: [listJobs, cancelJob, deleteJob],
  owns: (path) => path === '/v1/jobs' || path.startsWith('/v1/jobs/'),
  renderError,
};
