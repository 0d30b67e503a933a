import type { Call } from '../../core/call.ts';
import type { Job, JobSubmission } from '../../core/job.ts';
import type { Api, Context } from '../context.ts';

/** Accepts the call as a job. The answer's headers name it, and say so when it was there already. */
export async function submit(ctx: Context, api: Api, submission: JobSubmission, call: Call): Promise<Job> {
  const { job, isReplayed } = await api.verbs.submitJob(submission, call);
  ctx.set('x-job-id', job.id);
  if (isReplayed) ctx.set('idempotent-replayed', 'true');
  return job;
}
