import { getJobResult } from '../../protocols/jobs/get-job-result.ts';
import type { Api } from '../context.ts';
import { sendJobResult } from '../doors/send-job-result.ts';
import { tagByContent } from '../etag.ts';
import { type Route, route } from '../route.ts';

const headers = { Range: 'Bytes of a result that is stored as a file.', 'If-None-Match': 'ETag of the result.' };

export function getJobResultRoute(api: Api): Route {
  return route({ ...getJobResult, headers }, async ({ ctx, call, params }) => {
    const job = await api.verbs.getJob(params, call);
    ctx.set('x-job-id', job.id);
    await sendJobResult(ctx, api, job, call);
    // A file brings its own tag.
    if (job.result?.bodyBlob === null && typeof ctx.body === 'string') tagByContent(ctx, ctx.body);
  });
}
