import type { Job } from '../../core/job.ts';
import { pathOf, presentJob } from '../../protocols/jobs/present-job.ts';
import type { Context } from '../context.ts';
import { sendJson } from '../send-json.ts';

/** 202: the job is on disk, and this is where to follow it. */
export function sendAcceptedJob(ctx: Context, job: Job, preferenceApplied = ''): void {
  ctx.set({ Location: pathOf(job.id), 'Retry-After': '1', 'x-job-id': job.id });
  if (preferenceApplied !== '') ctx.set('Preference-Applied', preferenceApplied);
  sendJson(ctx, 202, presentJob(job));
}
