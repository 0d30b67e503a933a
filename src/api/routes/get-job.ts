import { has } from '../../core/access.ts';
import type { Call } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import { isTerminal, type Job } from '../../core/job.ts';
import { getJob } from '../../protocols/jobs/get-job.ts';
import { presentJob, presentJobOfAnother, withWorkflowLink } from '../../protocols/jobs/present-job.ts';
import type { Api, Context } from '../context.ts';
import { parsePrefer, preferenceApplied } from '../doors/prefer.ts';
import { waitForJob } from '../doors/wait-for-job.ts';
import { matches, parseTags } from '../etag.ts';
import { type Route, route } from '../route.ts';
import { sendJson } from '../send-json.ts';

const maxRetryAfterSeconds = 10;

const headers = {
  'If-None-Match': 'ETag of the job as it is known; 304 when it has not changed.',
  Prefer: '`wait=N`: as the query parameter `wait`.',
};

/** A job with its version as ETag; with `wait`, on the next change after the version the caller knows. */
export function getJobRoute(api: Api): Route {
  return route({ ...getJob, headers }, async ({ ctx, call, params, query }) => {
    const { maxWaitMs } = api.settings.jobs;
    const preferred = parsePrefer(ctx.headers['prefer'], maxWaitMs);
    const waitMs = query.wait === undefined ? preferred.waitMs : Math.min(query.wait * 1_000, maxWaitMs);
    const found = await ownJob(api, params, call);
    if (found === null) {
      const job = await api.verbs.inspectJob(params, call);
      answer(ctx, job, withWorkflow(api, presentJobOfAnother(job)));
      return;
    }
    if (query.wait === undefined && preferred.waitMs !== null) {
      ctx.set('Preference-Applied', preferenceApplied({ respondAsync: false, waitMs: preferred.waitMs }));
    }
    const known = knownVersion(ctx);
    const timeoutMs = known !== null && isOutdated(known, found) ? 0 : (waitMs ?? 0);
    const job = await waitForJob(
      api,
      { job: found, until: 'change', timeoutMs, ...(known !== null && { afterSequence: known.sequence }) },
      call,
    );
    const presented = presentJob(job);
    answer(ctx, job, has(call.principal, 'admin') ? withWorkflow(api, presented) : presented);
  });
}

/** Null for an administrator who has no such job: it may be somebody else's. */
async function ownJob(api: Api, ref: { id: string }, call: Call): Promise<Job | null> {
  try {
    return await api.verbs.getJob(ref, call);
  } catch (error) {
    const isUnknown = error instanceof GatewayError && error.code === 'not_found';
    if (isUnknown && has(call.principal, 'admin')) return null;
    throw error;
  }
}

function answer(ctx: Context, job: Job, presented: object): void {
  const tag = tagOf(job);
  ctx.set('ETag', `"${tag}"`);
  if (!isTerminal(job.status)) ctx.set('Retry-After', String(retryAfterSeconds(job, Date.now())));
  if (matches(ctx.get('if-none-match'), tag)) ctx.status = 304;
  else sendJson(ctx, 200, presented);
}

/** The engine's UI shows the work of everybody and can end it: the way there is for administrators. */
function withWorkflow<Presented extends Pick<ReturnType<typeof presentJob>, 'id' | 'links'>>(
  { settings: { temporal } }: Api,
  job: Presented,
) {
  const { uiUrl, namespace } = temporal;
  if (uiUrl === null) return job;
  return withWorkflowLink(job, new URL(`/namespaces/${namespace}/workflows/job:${job.id}`, uiUrl).href);
}

/** What happens to a job has a sequence number, which comes first. Behind it is what changes without being an event. */
function tagOf({ lastSequence, attempts, batch, webhook, resultDeleted }: Job): string {
  const parts: (string | number)[] = [lastSequence];
  if (attempts > 1) parts.push(`try${attempts}`);
  if (batch) parts.push(batch.counts.total, batch.counts.completed, batch.counts.failed);
  if (webhook) parts.push(webhook.status, webhook.attempts);
  if (resultDeleted) parts.push('without-result');
  return parts.join('-');
}

/** 1 s at first, growing to 10 s with the age of the job. */
function retryAfterSeconds(job: Job, now: number): number {
  const ageSeconds = (now - job.createdAt) / 1_000;
  return Math.min(maxRetryAfterSeconds, Math.max(1, Math.floor(ageSeconds / 10)));
}

interface KnownVersion {
  tag: string;
  sequence: number;
}

function knownVersion(ctx: Context): KnownVersion | null {
  for (const tag of parseTags(ctx.get('if-none-match'))) {
    const [, sequence] = /^(\d{1,15})(?:-|$)/.exec(tag) ?? [];
    if (sequence !== undefined) return { tag, sequence: Number(sequence) };
  }
  return null;
}

/** A number alone, as callers may take it from `last_sequence_number`, says nothing of what is no event. */
function isOutdated({ tag, sequence }: KnownVersion, job: Job): boolean {
  return tag !== String(sequence) && tag !== tagOf(job);
}
