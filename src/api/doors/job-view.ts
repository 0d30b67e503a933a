import type { Call } from '../../core/call.ts';
import type { Endpoint, JobForm, JobView } from '../../core/endpoint.ts';
import type { ValidRequest } from '../../core/invoke.ts';
import type { JobSubmission } from '../../core/job.ts';
import type { Api, MatchedContext } from '../context.ts';
import { sendJson } from '../send-json.ts';
import { sendEvents } from '../sse/send-events.ts';
import { wantsStream } from './stream-answer.ts';
import { submit } from './submit.ts';

type ViewedEndpoint = Endpoint & { job: JobForm & { view: JobView } };

export function wantsJobView(endpoint: Endpoint, request: ValidRequest): endpoint is ViewedEndpoint {
  return endpoint.job?.view?.wanted(request.body) === true;
}

/** Accepts the call as a job and answers with its dialect's view of it, or with its events as they come. */
export async function answerJobView(
  ctx: MatchedContext,
  api: Api,
  endpoint: ViewedEndpoint,
  submission: JobSubmission,
  request: ValidRequest,
  call: Call,
): Promise<void> {
  const { present, follow } = endpoint.job.view;
  const job = await submit(ctx, api, submission, call);
  if (!follow || !wantsStream(endpoint, request)) return sendJson(ctx, 200, present(job, request.body));
  await sendEvents(ctx, api, (signal) => api.verbs[follow.verb](follow.input(job), { ...call, signal }), call);
}
