import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { Client } from '@temporalio/client';
import { connectTemporal } from '../../../src/adapters/temporal/connection.ts';
import { jitterShare } from '../../../src/core/webhooks/delivery-schedule.ts';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { startWebhookReceiver, verifyWebhook, type WebhookReceiver } from '../../helpers/webhook-receiver.ts';
import {
  acceptJob,
  completeJob,
  createEndpoint,
  delivered,
  deliveriesOf,
  quickWebhooks,
} from '../../helpers/webhook-sender.ts';

const [, pauseMs = 0] = quickWebhooks.scheduleMs;
const attempts = quickWebhooks.scheduleMs.length;
/** Clocks of a loaded machine. */
const slackMs = 5;

describe('a webhook on its way', () => {
  let app: TestApp;
  let receiver: WebhookReceiver;
  let caller: TestCaller;

  before(async () => {
    [app, receiver] = await Promise.all([
      startTestApp({ workers: true, config: { webhooks: quickWebhooks } }),
      startWebhookReceiver(),
    ]);
  });
  after(async () => {
    await app.stop();
    await receiver.close();
  });
  beforeEach(async () => {
    caller = await app.signUp();
    receiver.reset();
  });

  async function runJob(webhookUrl: string | null = null): Promise<string> {
    const id = await acceptJob(app, caller.userId, webhookUrl);
    await completeJob(app, caller.userId, id);
    return id;
  }

  const onlyEnd = { events: ['job.completed'] };

  it('tells an endpoint how a job ended, signed', async () => {
    const { secret } = await createEndpoint(caller, receiver.urlOf('hook'), onlyEnd);
    const jobId = await runJob();
    const { attempts: made } = await delivered(caller, 'job.completed', 'succeeded');
    const [message, ...more] = receiver.messages();
    assert.ok(message);
    assert.equal(more.length, 0);
    verifyWebhook(message, secret);
    assert.equal(message.data['id'], jobId);
    assert.equal(message.data['status'], 'completed');
    assert.deepEqual(
      made.map(({ status_code }) => status_code),
      [204],
    );
  });

  it('tells the URL of a job, and the job says so', async () => {
    const { secret } = await caller.json<{ secret: string }>('POST', '/v1/webhooks/secret/rotate');
    const id = await runJob(receiver.urlOf('job'));
    await delivered(caller, 'job.completed', 'succeeded');
    const job = () => caller.json<{ webhook: { status: string; attempts: number } }>('GET', `/v1/jobs/${id}`);
    await waitFor('the job to know', async () => (await job()).webhook.status === 'delivered');
    assert.equal((await job()).webhook.attempts, 1);
    for (const message of receiver.messages('job')) verifyWebhook(message, secret);
    assert.deepEqual(
      receiver
        .messages('job')
        .map(({ type }) => type)
        .toSorted(),
      ['job.completed', 'job.queued', 'job.started'],
    );
  });

  it('tells the end of a job after what came before it', async () => {
    const release = Promise.withResolvers<void>();
    receiver.respond(({ json }) =>
      (json as { type: string }).type === 'job.started' ? { until: release.promise } : { status: 204 },
    );
    await createEndpoint(caller, receiver.urlOf('hook'), { events: ['job.started', 'job.completed'] });
    await runJob();
    await waitFor('the start to be told', () => receiver.messages().length === 1);
    const releasedAt = Date.now();
    release.resolve();
    await delivered(caller, 'job.completed', 'succeeded');
    const [first, second] = receiver.messages();
    assert.equal(first?.type, 'job.started');
    assert.ok((second?.at ?? 0) >= releasedAt);
  });

  it('is sent again by the schedule, under the same id, until it is taken', async () => {
    receiver.next({ status: 500 }, { status: 503 });
    await createEndpoint(caller, receiver.urlOf('hook'), onlyEnd);
    await runJob();
    await delivered(caller, 'job.completed', 'succeeded');
    const messages = receiver.messages();
    assert.deepEqual(
      messages.map(({ attempt }) => attempt),
      [1, 2, 3],
    );
    assert.equal(new Set(messages.map(({ id }) => id)).size, 1);
    assert.equal(new Set(messages.map(({ text }) => text)).size, 1);
    for (const [index, { at }] of messages.entries()) {
      const before = messages[index - 1];
      if (before) assert.ok(at - before.at >= pauseMs * (1 - jitterShare) - slackMs, `pause of ${at - before.at} ms`);
    }
  });

  for (const [name, script] of [
    ['an error', { status: 500 }],
    ['a redirect, which is not followed', { status: 302, headers: { location: '/elsewhere' } }],
    ['a refusal', { status: 400 }],
    ['a reset connection', 'reset'],
    ['silence', 'silence'],
  ] as const) {
    it(`is given up at the end of the schedule after ${name} each time`, async () => {
      receiver.respond(script);
      await createEndpoint(caller, receiver.urlOf('hook'), onlyEnd);
      await runJob();
      const { attempts: made } = await delivered(caller, 'job.completed', 'failed');
      assert.equal(made.length, attempts);
      assert.equal(receiver.messages('hook').length, attempts);
      assert.equal(receiver.messages().length, attempts);
    });
  }

  it('waits for as long as Retry-After says, to twice the planned pause', async () => {
    receiver.next({ status: 429, headers: { 'retry-after': '3600' } });
    await createEndpoint(caller, receiver.urlOf('hook'), onlyEnd);
    await runJob();
    await delivered(caller, 'job.completed', 'succeeded');
    const [first, second] = receiver.messages();
    const pause = (second?.at ?? 0) - (first?.at ?? 0);
    assert.ok(pause >= 2 * pauseMs * (1 - jitterShare) - slackMs, `pause of ${pause} ms`);
  });

  it('counts by its status, however long the answer is or takes', async () => {
    const megabyte = Buffer.alloc(1024 * 1024, 'x');
    receiver.next(
      { status: 500, body: Array.from({ length: 1024 }, () => megabyte) },
      { status: 200, body: ['half a'], ending: 'hang' },
    );
    await createEndpoint(caller, receiver.urlOf('hook'), onlyEnd);
    await runJob();
    await delivered(caller, 'job.completed', 'succeeded');
    const [stored] =
      (await app.deps.webhookDeliveries.list(caller.userId, {
        limit: 1,
        order: 'asc',
        after: null,
        endpointId: null,
        jobId: null,
        eventType: null,
        status: null,
      })) ?? [];
    assert.deepEqual(
      stored?.attempts.map(({ statusCode, responseBody }) => [statusCode, responseBody?.length]),
      [
        [500, 4096],
        [200, 'half a'.length],
      ],
    );
  });

  it('keeps no credential that a receiver repeats', async () => {
    const { secret } = await createEndpoint(caller, receiver.urlOf('hook'), onlyEnd);
    receiver.next({ status: 200, body: [`you sent ${secret}`] });
    await runJob();
    const { id } = await delivered(caller, 'job.completed', 'succeeded');
    const stored = await app.deps.webhookDeliveries.find(caller.userId, id);
    assert.equal(stored?.attempts[0]?.responseBody, 'you sent whsec_[redacted]');
  });

  it('ends at once with 410: the endpoint is disabled, and the others are told', async () => {
    const gone = await createEndpoint(caller, receiver.urlOf('gone'), onlyEnd);
    await createEndpoint(caller, receiver.urlOf('other'), { events: ['endpoint.disabled'] });
    receiver.next({ status: 410 });
    await runJob();
    await delivered(caller, 'endpoint.disabled', 'succeeded');
    assert.equal(receiver.messages('gone').length, 1);
    const [told] = receiver.messages('other');
    assert.equal(told?.data['id'], gone.id);
    const shown = await caller.json<typeof gone>('GET', `/v1/webhooks/endpoints/${gone.id}`);
    assert.equal(shown.disabled_reason, 'gone');
  });

  it('disables an endpoint that has taken nothing for five days', async () => {
    const endpoint = await createEndpoint(caller, receiver.urlOf('hook'), onlyEnd);
    const fiveDaysAgo = Date.now() - 5 * 24 * 3_600_000;
    for (let count = 0; count < 4; count += 1) {
      await app.deps.webhookEndpoints.recordFailure({ ...endpoint, ownerId: caller.userId }, fiveDaysAgo);
    }
    receiver.respond({ status: 500 });
    await runJob();
    const failed = await delivered(caller, 'job.completed', 'failed');
    assert.equal(failed.attempts.length, 1);
    const shown = await caller.json<typeof endpoint>('GET', `/v1/webhooks/endpoints/${endpoint.id}`);
    assert.equal(shown.disabled_reason, 'failing');
  });

  it('is not sent any more to an endpoint that was deleted meanwhile', async () => {
    const endpoint = await createEndpoint(caller, receiver.urlOf('hook'), onlyEnd);
    receiver.next({ status: 500, body: [{ until: waitFor('the message', () => receiver.messages().length === 1) }] });
    await runJob();
    await waitFor('the message', () => receiver.messages().length === 1);
    await caller.request('DELETE', `/v1/webhooks/endpoints/${endpoint.id}`);
    await delivered(caller, 'job.completed', 'failed');
    assert.ok(receiver.messages().length < attempts);
  });

  it('is sent to an endpoint that was disabled when the endpoint asks for what it missed', async () => {
    const endpoint = await createEndpoint(caller, receiver.urlOf('hook'), onlyEnd);
    const since = Math.floor(Date.now() / 1000) - 1;
    const path = `/v1/webhooks/endpoints/${endpoint.id}`;
    await caller.json('PATCH', path, { body: { status: 'disabled' } });
    const missed = [await runJob(), await runJob()];
    assert.equal((await deliveriesOf(caller)).length, 0);
    await caller.json('PATCH', path, { body: { status: 'enabled' } });
    const { sent } = await caller.json<{ sent: number }>('POST', `${path}/recover`, { body: { since } });
    assert.equal(sent, 2);
    await waitFor('both to arrive', () => receiver.messages().length === 2);
    assert.deepEqual(
      receiver
        .messages()
        .map(({ data }) => data['id'])
        .toSorted(),
      missed.toSorted(),
    );
  });

  it('is sent anew under the same id when the caller asks for it', async () => {
    await createEndpoint(caller, receiver.urlOf('hook'), onlyEnd);
    await runJob();
    const { id } = await delivered(caller, 'job.completed', 'succeeded');
    await caller.json('POST', `/v1/webhooks/deliveries/${encodeURIComponent(id)}/retry`);
    await waitFor('the second', () => receiver.messages().length === 2);
    const [first, second] = receiver.messages();
    assert.equal(first?.id, second?.id);
    assert.equal(first?.text, second?.text);
    assert.equal(second?.attempt, 2);
  });

  it('reaches nobody but its owner', async () => {
    const other = await app.signUp();
    await createEndpoint(other, receiver.urlOf('other'));
    await createEndpoint(caller, receiver.urlOf('own'), onlyEnd);
    await runJob();
    await delivered(caller, 'job.completed', 'succeeded');
    assert.equal((await deliveriesOf(other)).length, 0);
    assert.equal(receiver.messages('other').length, 0);
  });

  it('is not owed to an account that has no endpoint', async () => {
    await runJob();
    assert.equal((await deliveriesOf(caller)).length, 0);
    const [event] = await app.deps.webhookEvents.since(caller.userId, 0, null, 1);
    assert.equal(event, undefined);
  });

  it('leaves neither secret nor address in the history of its workflow', async () => {
    await createEndpoint(caller, receiver.urlOf('hook'), onlyEnd);
    receiver.next({ status: 500 });
    await runJob();
    const { id } = await delivered(caller, 'job.completed', 'succeeded');
    const connection = connectTemporal(app.deps.config.temporal.address);
    try {
      const { events } = await new Client({ connection }).workflow.getHandle(id).fetchHistory();
      const text = JSON.stringify(events, (_key, value) =>
        value?.type === 'Buffer' || value instanceof Uint8Array ? Buffer.from(value.data ?? value).toString() : value,
      );
      assert.ok(text.includes(id));
      for (const canary of ['whsec_', receiver.urlOf('')]) assert.ok(!text.includes(canary), canary);
    } finally {
      await connection.close();
    }
  });

  it('about progress is told at most twice a second, and sent once', async () => {
    receiver.respond({ status: 500 });
    await createEndpoint(caller, receiver.urlOf('hook'), { events: ['job.progress'] });
    const { jobs } = app.deps;
    const id = await acceptJob(app, caller.userId);
    await jobs.move(caller.userId, id, { to: 'in_progress', increment: { run: 1 }, now: 1_000 });
    for (const [percent, now] of [
      [1, 10_000],
      [2, 10_499],
      [3, 10_500],
    ] as const) {
      const progress = { percent, stage: 'embed', completed: percent, total: 100, message: null };
      const events = [{ type: 'job.progress' as const, data: progress }];
      await jobs.report(caller.userId, id, 1, { events, progress }, now);
    }
    await waitFor('both to be given up', async () => {
      const all = await deliveriesOf(caller);
      return all.length === 2 && all.every(({ status }) => status === 'failed');
    });
    assert.deepEqual(
      receiver
        .messages()
        .map(({ data }) => (data['progress'] as { percent: number }).percent)
        .toSorted(),
      [1, 3],
    );
  });
});
