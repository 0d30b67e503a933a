import type { Call } from '../../core/call.ts';
import type { Endpoint, JobForm } from '../../core/endpoint.ts';
import { answer, relayedBytes, run, type ValidRequest } from '../../core/invoke.ts';
import { isTerminal, type JobSubmission } from '../../core/job.ts';
import { validateRequest } from '../../core/validation/validate-request.ts';
import { readRequest } from '../body/read-request.ts';
import { unlessRefused } from '../body/unless-refused.ts';
import { callOf, ignoreHeader } from '../call.ts';
import type { Api, MatchedContext } from '../context.ts';
import { sendJson, sendJsonBytes } from '../send-json.ts';
import { idempotencyKeyOf } from './idempotency-key.ts';
import { answerJobView, wantsJobView } from './job-view.ts';
import { type Preferences, parsePrefer, preferenceApplied } from './prefer.ts';
import { sendAcceptedJob } from './send-accepted-job.ts';
import { sendJobResult } from './send-job-result.ts';
import { streamAnswer, wantsStream } from './stream-answer.ts';
import { submissionOf } from './submission.ts';
import { submit } from './submit.ts';
import { waitForJob } from './wait-for-job.ts';
import { assertNoWebhook, webhookOf } from './webhook-url.ts';

/** Answers a declared call: at once, or as a job when its caller or its declaration wants that. */
export function createEndpointHandler(api: Api) {
  const reader = { settings: api.settings, verbs: api.verbs };

  return async function callEndpoint(ctx: MatchedContext, endpoint: Endpoint): Promise<void> {
    const call = callOf(ctx, api.log);
    const preferences = parsePrefer(ctx.headers['prefer'], api.settings.jobs.maxWaitMs);
    const form = jobFormOf(endpoint, preferences);
    const idempotencyKey = form && idempotencyKeyOf(ctx.req);
    const webhook = webhookOf(ctx.req);
    const raw = await readRequest(ctx, endpoint, reader, call);
    const submission = await unlessRefused(Object.values(raw.files), api.verbs, call, async () => {
      const request = validateRequest(endpoint, raw);
      if (form && form.applies?.(raw.files) !== false) {
        return submissionOf(endpoint, form.kind, raw, request, ctx.path);
      }
      if (wantsJobView(endpoint, request)) {
        const submission = submissionOf(endpoint, endpoint.job.kind, raw, request, ctx.path);
        await answerJobView(
          ctx,
          api,
          endpoint,
          { ...submission, webhook, idempotencyKey: idempotencyKeyOf(ctx.req) },
          request,
          call,
        );
        return null;
      }
      assertNoWebhook(webhook);
      await callInline(ctx, api, endpoint, request, call);
      return null;
    });
    if (submission) await callAsJob(ctx, api, { ...submission, webhook, idempotencyKey }, preferences, call);
  };
}

/** Known before the body is read, but for what the body may still rule out. */
function jobFormOf({ job }: Endpoint, preferences: Preferences): JobForm | null {
  return job && (job.always === true || preferences.respondAsync) ? job : null;
}

async function callInline(
  ctx: MatchedContext,
  api: Api,
  endpoint: Endpoint,
  request: ValidRequest,
  call: Call,
): Promise<void> {
  // It stands for a job: a call that is answered at once is made anew however often it is sent.
  if (ctx.headers['idempotency-key'] !== undefined) ignoreHeader(ctx, 'Idempotency-Key');
  if (wantsStream(endpoint, request)) return streamAnswer(ctx, api, endpoint, request, call);
  const output = await run(endpoint, api.shortVerbs, request, call);
  const bytes = relayedBytes(output);
  if (bytes !== null) return sendJsonBytes(ctx, endpoint.status ?? 200, bytes);
  const { statusCode, body } = answer(endpoint, output, request);
  sendJson(ctx, statusCode, body);
}

async function callAsJob(
  ctx: MatchedContext,
  api: Api,
  submission: JobSubmission,
  preferences: Preferences,
  call: Call,
): Promise<void> {
  const accepted = await submit(ctx, api, submission, call);

  const waitMs = preferences.waitMs ?? (preferences.respondAsync ? 0 : api.settings.documents.waitMs);
  if (waitMs === 0) return sendAcceptedJob(ctx, accepted, preferenceApplied(preferences));
  const job = await waitForJob(api, { job: accepted, until: 'terminal', timeoutMs: waitMs }, call);
  if (!isTerminal(job.status)) return sendAcceptedJob(ctx, job, preferenceApplied(preferences));
  const applied = preferenceApplied({ ...preferences, respondAsync: false });
  if (applied !== '') ctx.set('Preference-Applied', applied);
  await sendJobResult(ctx, api, job, call);
}
