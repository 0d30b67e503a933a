import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { createDeliveries } from '../../../src/activities/webhooks/deliveries.ts';
import { createReplayVerbs, type ReplayLimits } from '../../../src/activities/webhooks/replay.ts';
import { connectMongo } from '../../../src/adapters/mongo/connection.ts';
import { deliveryIdOf, newDelivery } from '../../../src/core/webhook.ts';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { buildUserCall } from '../../helpers/calls.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { startWebhookReceiver, verifyWebhook, type WebhookReceiver } from '../../helpers/webhook-receiver.ts';
import {
  buildWebhookEvent,
  type PresentedDelivery,
  type PresentedEndpoint,
  type PresentedList,
} from '../../helpers/webhooks.ts';

const endpoints = '/v1/webhooks/endpoints';
const deliveries = '/v1/webhooks/deliveries';
const hour = 3_600_000;

function replayOf({ deps }: TestApp, limits?: ReplayLimits) {
  return createReplayVerbs({ ...deps, deliveries: createDeliveries(deps) }, limits);
}

describe('sending again', () => {
  let app: TestApp;
  let receiver: WebhookReceiver;
  let caller: TestCaller;
  let endpoint: PresentedEndpoint;

  before(async () => {
    receiver = await startWebhookReceiver();
    // One attempt and, after an hour, another: what is sent twice within a test was asked for.
    app = await startTestApp({ workers: true, config: { webhooks: { allowHttp: true, scheduleMs: [0, hour] } } });
  });
  after(async () => {
    await app.stop();
    await receiver.close();
  });
  beforeEach(async () => {
    receiver.reset();
    caller = await app.signUp();
    endpoint = await caller.json('POST', endpoints, {
      body: { url: receiver.urlOf('hook'), events: ['job.completed'] },
    });
  });

  const test = () => caller.json<PresentedDelivery>('POST', `${endpoints}/${endpoint.id}/test`);
  const read = (id: string) => caller.json<PresentedDelivery>('GET', `${deliveries}/${id}`);
  const list = (query = '') => caller.json<PresentedList<PresentedDelivery>>('GET', `${deliveries}${query}`);

  async function until(id: string, what: string, holds: (delivery: PresentedDelivery) => boolean) {
    await waitFor(`${id} ${what}`, async () => holds(await read(id)));
    return read(id);
  }

  const untilSent = (id: string) => until(id, 'to arrive', ({ status }) => status === 'succeeded');

  async function code(response: Response): Promise<string> {
    const { error } = (await response.json()) as { error: { code: string } };
    return error.code;
  }

  /** An event of the caller's own that is written down and was sent to nobody. */
  async function happen(changes: Parameters<typeof buildWebhookEvent>[0] = {}) {
    const event = buildWebhookEvent({ ownerId: caller.userId, createdAt: Date.now(), ...changes });
    await app.deps.webhookEvents.insert([event]);
    return event;
  }

  /** A delivery to the endpoint that was given up. */
  async function giveUp(changes: Parameters<typeof buildWebhookEvent>[0] = {}) {
    const event = await happen(changes);
    const failed = { status: 'failed', nextAttemptAt: null, completedAt: Date.now() } as const;
    const target = { endpointId: endpoint.id, url: endpoint.url, events: endpoint.events, payload: 'thin' } as const;
    const delivery = { ...newDelivery(event, target, event.createdAt), ...failed };
    await app.deps.webhookDeliveries.insert([delivery]);
    return delivery;
  }

  it('a test arrives, signed with the secret of its endpoint, and is in the log', async () => {
    const { id, status } = await test();
    assert.equal(status, 'pending');
    const sent = await untilSent(id);
    const [message, ...rest] = receiver.messages('hook');
    assert.deepEqual(rest, []);
    assert.ok(message);
    verifyWebhook(message, endpoint.secret ?? '');
    assert.deepEqual([message.type, message.id], ['endpoint.test', sent.event.id]);
    assert.equal(sent.error, null);
    assert.deepEqual(
      sent.attempts.map(({ status_code }) => status_code),
      [204],
    );
    assert.deepEqual((await list(`?endpoint_id=${endpoint.id}`)).data, [sent]);
  });

  it('a test is sent to an endpoint that is disabled, too', async () => {
    await caller.json('PATCH', `${endpoints}/${endpoint.id}`, { body: { status: 'disabled' } });
    await untilSent((await test()).id);
  });

  it('what has arrived is sent again under the same id', async () => {
    const { id } = await test();
    await untilSent(id);
    assert.equal((await caller.request('POST', `${deliveries}/${id}/retry`)).status, 202);
    await waitFor('two messages', () => receiver.messages('hook').length === 2);
    const [first, second] = receiver.messages('hook');
    assert.equal(first?.id, second?.id);
    assert.equal(first?.text, second?.text);
  });

  it('what is sent again is kept for as long as what is new', async () => {
    const { retentionMs } = app.deps.config.webhooks;
    const { id, eventId } = await giveUp({ createdAt: Date.now() - retentionMs + hour });
    await caller.json('POST', `${deliveries}/${id}/retry`);
    const connection = await connectMongo(app.deps.config.mongodb);
    const events = connection.collection<{ _id: string; expiresAt: Date }>('webhook_events');
    const kept = await events.findOne({ _id: eventId });
    await connection.close();
    assert.ok(Number(kept?.expiresAt) > Date.now() + retentionMs - hour);
  });

  it('what is planned for later is sent at once', async () => {
    receiver.next({ status: 500 });
    const { id } = await test();
    const planned = await until(id, 'to be planned', ({ attempts }) => attempts.length === 1);
    assert.equal(planned.status, 'pending');
    assert.ok((planned.next_attempt_at ?? 0) * 1_000 > Date.now() + hour / 2);
    await caller.json('POST', `${deliveries}/${id}/retry`);
    const { attempts } = await untilSent(id);
    assert.deepEqual(
      attempts.map(({ status_code }) => status_code),
      [500, 204],
    );
  });

  it('what an endpoint missed is sent by its filter, without what it has got', async () => {
    const [missed, given] = [await happen(), await giveUp()];
    await happen({ type: 'job.failed' });
    const { id: arrived } = await test();
    await untilSent(arrived);
    const { sent, next_since } = await caller.json<{ sent: number; next_since: number | null }>(
      'POST',
      `${endpoints}/${endpoint.id}/recover`,
      { body: { since: 0 } },
    );
    assert.deepEqual({ sent, next_since }, { sent: 2, next_since: null });
    const ids = () => receiver.messages('hook').map(({ id }) => id);
    await waitFor('what was missed', () => ids().length === 3);
    assert.deepEqual(ids().slice(1).toSorted(), [missed.id, given.eventId].toSorted());
  });

  const recover = () =>
    caller.json<{ sent: number }>('POST', `${endpoints}/${endpoint.id}/recover`, { body: { since: 0 } });

  it('what waits for its next attempt is recovered at once, and counted once', async () => {
    receiver.next({ status: 500 });
    const job = await happen();
    assert.equal((await recover()).sent, 1);
    const id = deliveryIdOf(job, endpoint.id);
    await until(id, 'to be planned', ({ attempts, status }) => attempts.length === 1 && status === 'pending');
    assert.equal((await recover()).sent, 1);
    await untilSent(id);
    assert.equal((await recover()).sent, 0);
  });

  const limits: [name: string, limits: ReplayLimits, sent: number][] = [
    ['so many', { pageSize: 1, maxSent: 2, maxMs: hour }, 2],
    ['so long', { pageSize: 1, maxSent: 9, maxMs: 0 }, 1],
    ['everything', { pageSize: 1, maxSent: 9, maxMs: hour }, 3],
  ];
  for (const [name, some, sent] of limits) {
    it(`one call sends ${name} and says whether that was all`, async () => {
      const call = buildUserCall({ userId: caller.userId });
      const range = { endpointId: endpoint.id, since: 0, until: Number.MAX_SAFE_INTEGER };
      for (let count = 0; count < 3; count += 1) await giveUp({ createdAt: Date.now() + count });
      const replay = replayOf(app, some);
      assert.deepEqual(await replay.retryWebhookDeliveries(range, call), { sent, more: sent < 3 });
      const rest = await replayOf(app).retryWebhookDeliveries(range, call);
      assert.deepEqual(rest, { sent: 3 - sent, more: false });
    });
  }

  it('what is recovered in part is gone on with from where it ended', async () => {
    const call = buildUserCall({ userId: caller.userId });
    const times = [Date.now() - 2_000, Date.now() - 1_000, Date.now()];
    for (const createdAt of times) await happen({ createdAt });
    const replay = replayOf(app, { pageSize: 1, maxSent: 2, maxMs: hour });
    const { sent, next } = await replay.recoverWebhookEndpoint({ id: endpoint.id, since: 0 }, call);
    assert.deepEqual({ sent, next }, { sent: 2, next: times[1] });
    const rest = replayOf(app).recoverWebhookEndpoint({ id: endpoint.id, since: next ?? 0 }, call);
    assert.deepEqual(await rest, { sent: 1, next: null });
  });

  it('nothing more is begun for a caller who has left', async () => {
    await giveUp();
    const call = buildUserCall({ userId: caller.userId }, { signal: AbortSignal.abort() });
    const range = { endpointId: endpoint.id, since: 0, until: Number.MAX_SAFE_INTEGER };
    await assert.rejects(replayOf(app).retryWebhookDeliveries(range, call), { name: 'AbortError' });
    assert.equal((await list('?status=failed')).data.length, 1);
  });

  it('progress of long ago is not sent again with everything else that was given up', async () => {
    await giveUp({ type: 'job.progress' });
    const { sent } = await caller.json<{ sent: number }>('POST', `${deliveries}/retry`, { body: { since: 0 } });
    assert.equal(sent, 0);
  });

  it('nothing from before the time that is named is recovered', async () => {
    await happen({ createdAt: Date.now() - hour });
    const since = Math.floor(Date.now() / 1_000) - 60;
    const { sent } = await caller.json<{ sent: number }>('POST', `${endpoints}/${endpoint.id}/recover`, {
      body: { since },
    });
    assert.equal(sent, 0);
  });

  it('what was given up in a time is sent again', async () => {
    const delivery = await giveUp();
    const seconds = Math.floor(delivery.createdAt / 1_000);
    const retry = (body: object) => caller.json<{ sent: number }>('POST', `${deliveries}/retry`, { body });
    assert.equal((await retry({ since: seconds + 1 })).sent, 0);
    assert.equal((await retry({ since: seconds - 1, until: seconds })).sent, 0);
    assert.equal((await retry({ since: seconds, endpoint_id: endpoint.id })).sent, 1);
    await untilSent(delivery.id);
    assert.equal((await retry({ since: seconds })).sent, 0);
  });

  it('nothing is sent again to an endpoint that is disabled', async () => {
    const { id } = await giveUp();
    await caller.json('PATCH', `${endpoints}/${endpoint.id}`, { body: { status: 'disabled' } });
    const asked: [path: string, body: object | undefined][] = [
      [`${deliveries}/${id}/retry`, undefined],
      [`${deliveries}/retry`, { since: 0, endpoint_id: endpoint.id }],
      [`${endpoints}/${endpoint.id}/recover`, { since: 0 }],
    ];
    for (const [path, body] of asked) {
      const response = await caller.request('POST', path, body ? { body } : {});
      assert.equal(response.status, 409);
      assert.equal(await code(response), 'conflict');
    }
  });

  it('what was given up is sent again to all but endpoints that are disabled or gone', async () => {
    const { id } = await giveUp();
    const sentOf = async () =>
      (await caller.json<{ sent: number }>('POST', `${deliveries}/retry`, { body: { since: 0 } })).sent;
    const path = `${endpoints}/${endpoint.id}`;
    await caller.json('PATCH', path, { body: { status: 'disabled' } });
    assert.equal(await sentOf(), 0);
    await caller.json('PATCH', path, { body: { status: 'enabled' } });
    assert.equal(await sentOf(), 1);
    await untilSent(id);
    await giveUp();
    await caller.request('DELETE', path);
    assert.equal(await sentOf(), 0);
  });

  it('the log is filtered and paged', async () => {
    const [first, second] = [await giveUp(), await giveUp()];
    const { id } = await test();
    await untilSent(id);
    const idsOf = async (query: string) => (await list(query)).data.map((delivery) => delivery.id).toSorted();
    assert.deepEqual(await idsOf('?status=failed'), [first.id, second.id].toSorted());
    assert.deepEqual(await idsOf('?event_type=endpoint.test'), [id]);
    assert.deepEqual(await idsOf('?endpoint_id=we_none'), []);
    const page = await list('?limit=2');
    assert.equal(page.has_more, true);
    const rest = await list(`?limit=2&after=${page.last_id}`);
    assert.equal(rest.has_more, false);
    const listed = [...page.data, ...rest.data].map((delivery) => delivery.id);
    assert.deepEqual(listed.toSorted(), [first.id, second.id, id].toSorted());
  });

  it("nothing of an owner's is in another's log, nor is it sent again by them", async () => {
    const { id } = await giveUp();
    const stranger = await app.signUp();
    const query = `${deliveries}?endpoint_id=${endpoint.id}`;
    assert.deepEqual((await stranger.json<PresentedList<PresentedDelivery>>('GET', query)).data, []);
    const { sent } = await stranger.json<{ sent: number }>('POST', `${deliveries}/retry`, { body: { since: 0 } });
    assert.equal(sent, 0);
    const foreign = { since: 0, endpoint_id: endpoint.id };
    assert.equal(await code(await stranger.request('POST', `${deliveries}/retry`, { body: foreign })), 'not_found');
    assert.equal((await read(id)).status, 'failed');
  });

  it('what is under way to an endpoint that is deleted is given up', async () => {
    receiver.next({ status: 500 });
    const { id } = await test();
    await until(id, 'to be planned', ({ attempts }) => attempts.length === 1);
    await caller.request('DELETE', `${endpoints}/${endpoint.id}`);
    const { status, next_attempt_at, error } = await read(id);
    assert.deepEqual({ status, next_attempt_at }, { status: 'failed', next_attempt_at: null });
    assert.deepEqual(error, { code: 'not_found', message: 'The endpoint was deleted.' });
  });
});
