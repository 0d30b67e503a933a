import type { Api } from '../context.ts';
import type { JobEndpoints } from '../doors/job-endpoints.ts';
import type { Route } from '../route.ts';
import { docsRoutes } from './docs.ts';
import { followJobRoute } from './follow-job.ts';
import { getDocumentContentRoute } from './get-document-content.ts';
import { getFileContentRoute } from './get-file-content.ts';
import { getJobRoute } from './get-job.ts';
import { getJobResultRoute } from './get-job-result.ts';
import { getResponseRoute } from './get-response.ts';
import { healthRoutes } from './health.ts';
import { metricsRoute } from './metrics.ts';
import { openApiRoute } from './openapi.ts';
import { retryJobRoute } from './retry-job.ts';
import { submitJobRoute } from './submit-job.ts';

/** Every route that is not a call on a verb. */
export function createRoutes(api: Api, jobEndpoints: JobEndpoints, renderOpenApi: () => object): Route[] {
  return [
    submitJobRoute(api, jobEndpoints),
    getJobRoute(api),
    followJobRoute(api),
    getJobResultRoute(api),
    retryJobRoute(api),
    getResponseRoute(api),
    getDocumentContentRoute(api),
    getFileContentRoute(api),
    ...healthRoutes(api),
    metricsRoute(api),
    openApiRoute(renderOpenApi),
    ...docsRoutes(),
  ];
}
