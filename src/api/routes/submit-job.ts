import type { IncomingMessage } from 'node:http';
import type { FileField } from '../../core/endpoint.ts';
import { assertThat, GatewayError, type Problem } from '../../core/errors.ts';
import type { JobSubmission } from '../../core/job.ts';
import { parseJson } from '../../core/json/parse.ts';
import { invalidRequest, type RawRequest, validateRequest } from '../../core/validation/validate-request.ts';
import type { JobWebhook } from '../../core/webhook.ts';
import { submitJob } from '../../protocols/jobs/submit-job.ts';
import { unlessRefused } from '../body/unless-refused.ts';
import type { Api, ApiSettings } from '../context.ts';
import { idempotencyKeyOf } from '../doors/idempotency-key.ts';
import type { JobEndpoints } from '../doors/job-endpoints.ts';
import { sendAcceptedJob } from '../doors/send-accepted-job.ts';
import { submissionOf } from '../doors/submission.ts';
import { submit } from '../doors/submit.ts';
import { webhookOf } from '../doors/webhook-url.ts';
import { type Route, route } from '../route.ts';

const headers = {
  'Idempotency-Key': 'The same key with the same request gives the same job.',
  'Webhook-URL': 'Whom to tell of the end of the job: the same as `webhook` with an address alone.',
};
const jsonFields = ['body', 'metadata', 'deadline_at', 'webhook'];

/** Any call that has a job form, wrapped in a body of its own; as a form, for a call with files. */
export function submitJobRoute(api: Api, jobEndpoints: JobEndpoints): Route {
  const decode = (raw: RawRequest) => decodeForm(raw, api.settings.http);
  const files = fileFieldsOf(jobEndpoints);
  const checkHeaders = (req: IncomingMessage) => {
    idempotencyKeyOf(req);
    webhookOf(req);
  };
  return route({ ...submitJob, files, headers, decode, checkHeaders }, async ({ ctx, call, body, files }) => {
    const submission = await unlessRefused(Object.values(files), api.verbs, call, () => ({
      ...unwrap(body.endpoint, body.body, files, jobEndpoints),
      webhook: soleWebhook(webhookOf(ctx.req), body.webhook ?? null),
    }));
    const job = await submit(
      ctx,
      api,
      {
        ...submission,
        metadata: body.metadata,
        deadlineAt: body.deadline_at == null ? null : body.deadline_at * 1_000,
        idempotencyKey: idempotencyKeyOf(ctx.req),
      },
      call,
    );
    sendAcceptedJob(ctx, job);
  });
}

/** The one that was given, in the head or in the body. */
function soleWebhook(inHead: JobWebhook | null, inBody: JobWebhook | null): JobWebhook | null {
  assertThat(
    inHead === null || inBody === null,
    'invalid_request',
    "Expected one of the field 'webhook' and the header Webhook-URL; got both.",
    { param: 'webhook' },
  );
  return inHead ?? inBody;
}

/** The submission that the wrapped call would be through its own door. */
function unwrap(path: string, body: unknown, files: RawRequest['files'], jobEndpoints: JobEndpoints): JobSubmission {
  const target = jobEndpoints.find(path);
  assertThat(target, 'invalid_request', hasNoJobForm(path, jobEndpoints), { param: 'endpoint' });
  const { endpoint, params } = target;
  assertThat(endpoint.job.applies?.(files) !== false, 'unsupported_operation', answeredAtOnce(path), { param: 'body' });
  const raw = { params, query: {}, body, files, bytes: null };
  return insideOf({ ...endpoint.files, ...files }, () => {
    const request = validateRequest(endpoint, raw);
    return submissionOf(endpoint, endpoint.job.kind, raw, request, path);
  });
}

/** Every file field of every endpoint with a job form; which of them fit is known when the endpoint is. */
function fileFieldsOf(jobEndpoints: JobEndpoints): Record<string, FileField> {
  const fields = jobEndpoints.all.flatMap((endpoint) => Object.entries(endpoint.files ?? {}));
  return Object.fromEntries(fields.map(([name, field]) => [name, { ...field, required: false }]));
}

/** A form carries text only: in it, these fields are JSON. */
function decodeForm(raw: RawRequest, limits: ApiSettings['http']): RawRequest {
  if (typeof raw.body !== 'object' || raw.body === null) return raw;
  const fields = Object.entries(raw.body).map(([name, value]) => [
    name,
    typeof value === 'string' && isJson(name, value) ? parseField(name, value, limits) : value,
  ]);
  return { ...raw, body: Object.fromEntries(fields) };
}

/** An address stands for itself; only a webhook with more to it is JSON. */
function isJson(name: string, text: string): boolean {
  return jsonFields.includes(name) && (name !== 'webhook' || text.trimStart().startsWith('{'));
}

function parseField(name: string, text: string, limits: ApiSettings['http']): unknown {
  try {
    return parseJson(Buffer.from(text), limits);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    throw new GatewayError(error.code, error.publicMessage.replace('The request body', `The field '${name}'`), {
      param: name,
    });
  }
}

/** Runs the checks of the call that is wrapped, and reports its faults where they stand in the wrapper. */
function insideOf<T>(fileFields: object, checks: () => T): T {
  try {
    return checks();
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'invalid_request') throw error;
    const problems = error.problems.length > 0 ? error.problems : [soleProblem(error)];
    throw invalidRequest(
      problems.map((problem) => ({ ...problem, source: 'body', path: wrapped(problem, fileFields) })),
    );
  }
}

function soleProblem(error: GatewayError): Problem {
  return { path: error.param ?? '', message: error.publicMessage };
}

function wrapped(problem: Problem, fileFields: object): string {
  if (problem.source === 'path' || problem.source === 'query') return 'endpoint';
  if (Object.hasOwn(fileFields, problem.path)) return problem.path;
  return problem.path === '' || problem.path.startsWith('[') ? `body${problem.path}` : `body.${problem.path}`;
}

function hasNoJobForm(path: string, jobEndpoints: JobEndpoints): string {
  const paths = jobEndpoints.all.map((endpoint) => endpoint.path).toSorted();
  return `'${path}' cannot run as a job. Endpoints that can: ${paths.join(', ')}.`;
}

function answeredAtOnce(path: string): string {
  return `This request of '${path}' is answered at once and cannot run as a job; send it to '${path}' itself.`;
}
