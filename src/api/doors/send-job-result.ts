import type { Call } from '../../core/call.ts';
import { GatewayError, reviveError } from '../../core/errors.ts';
import type { Job, JobResult } from '../../core/job.ts';
import type { Api, Context } from '../context.ts';
import { dialectOf } from '../dialect-of.ts';
import { sendBlob } from '../send-blob.ts';
import { sendJson } from '../send-json.ts';

/** What the call would have answered had it run inline; a failure in the words of the dialect the call came in. */
export async function sendJobResult(ctx: Context, api: Api, job: Job, call: Call): Promise<void> {
  ctx.state.dialect = dialectOf(job.endpoint, api.dialects);
  const { statusCode, headers, body, bodyBlob } = resultOf(job);
  if (bodyBlob === null) sendJson(ctx, statusCode, body);
  ctx.status = statusCode;
  ctx.set(headers);
  if (bodyBlob !== null) await sendBlob(ctx, api.verbs, bodyBlob, call);
}

function resultOf(job: Job): JobResult {
  switch (job.status) {
    case 'completed':
      break;
    case 'failed':
      throw job.error === null ? new GatewayError('internal_error', 'The job failed.') : reviveError(job.error);
    case 'cancelled':
      throw new GatewayError('job_cancelled', `Job ${job.id} was cancelled.`);
    case 'expired':
      throw new GatewayError('deadline_exceeded', `Job ${job.id} was not done by its deadline.`);
    default:
      throw new GatewayError('job_not_terminal', `Job ${job.id} is ${job.status}; it has no result yet.`, {
        retryAfterMs: 1_000,
      });
  }
  if (job.result !== null && !job.resultDeleted) return job.result;
  throw new GatewayError('job_expired', `The result of job ${job.id} has been deleted.`);
}
