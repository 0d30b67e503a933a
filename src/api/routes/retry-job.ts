import { retryJob } from '../../protocols/jobs/retry-job.ts';
import type { Api } from '../context.ts';
import { sendAcceptedJob } from '../doors/send-accepted-job.ts';
import { type Route, route } from '../route.ts';

export function retryJobRoute(api: Api): Route {
  return route(retryJob, async ({ ctx, call, params }) => {
    sendAcceptedJob(ctx, await api.verbs.retryJob(params, call));
  });
}
