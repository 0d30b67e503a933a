/** The product with a receiver of webhooks before it, and jobs whose ends are made without running them. */
import type { TestApp, TestCaller } from './app.ts';
import { buildJob } from './jobs.ts';
import { waitFor } from './wait-for.ts';
import type { PresentedDelivery, PresentedEndpoint, PresentedList } from './webhooks.ts';

/** Pauses that a test need not wait for. */
export const quickWebhooks = { allowHttp: true, scheduleMs: [0, 100, 100, 100], timeoutMs: 1_000 };

export type IssuedEndpoint = PresentedEndpoint & { secret: string };

export function createEndpoint(caller: TestCaller, url: string, body: object = {}): Promise<IssuedEndpoint> {
  return caller.json('POST', '/v1/webhooks/endpoints', { body: { url, ...body } });
}

/** A job of the user's that is queued, and that nobody but the test moves on. */
export async function acceptJob({ deps }: TestApp, ownerId: number, webhookUrl: string | null = null): Promise<string> {
  const now = Date.now();
  const webhook = webhookUrl === null ? null : { url: webhookUrl, events: ['job.*'], payload: 'thin' as const };
  const job = buildJob({
    id: deps.newJobId(now),
    ownerId,
    createdAt: now,
    updatedAt: now,
    webhook: webhook && { ...webhook, status: 'waiting', attempts: 0 },
  });
  await deps.jobs.accept(job, null);
  await deps.jobMaintenance.markDispatched([job.id], now);
  return job.id;
}

/** Begins a job and completes it. */
export async function completeJob(app: TestApp, ownerId: number, jobId: string): Promise<void> {
  await app.deps.jobs.move(ownerId, jobId, { to: 'in_progress', increment: { run: 1 }, now: Date.now() });
  await endJob(app, ownerId, jobId);
}

/** Completes a job that was begun, with a small answer. */
export async function endJob({ deps }: TestApp, ownerId: number, jobId: string): Promise<void> {
  const result = { statusCode: 200, headers: {}, body: { ok: true }, bodyBlob: null };
  const expiresAt = Date.now() + 3_600_000;
  await deps.jobs.end(ownerId, jobId, null, { status: 'completed', result, error: null, expiresAt }, Date.now());
}

/** The caller's deliveries, the oldest first. */
export async function deliveriesOf(caller: TestCaller, query = ''): Promise<PresentedDelivery[]> {
  const path = `/v1/webhooks/deliveries?order=asc&limit=100${query}`;
  return (await caller.json<PresentedList<PresentedDelivery>>('GET', path)).data;
}

/** The caller's only delivery of that type, once it has come to `status`. */
export async function delivered(caller: TestCaller, type: string, status: string): Promise<PresentedDelivery> {
  let found: PresentedDelivery | undefined;
  await waitFor(`${type} to be ${status}`, async () => {
    found = (await deliveriesOf(caller, `&event_type=${type}`)).find((one) => one.status === status);
    return found !== undefined;
  });
  if (!found) throw new Error('unreachable');
  return found;
}
