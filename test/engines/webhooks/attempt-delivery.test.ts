import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { receiverOf } from '../../../src/activities/webhooks/receiver-of.ts';
import { createSecrets } from '../../../src/adapters/secrets/seal.ts';
import { GatewayError, storeError } from '../../../src/core/errors.ts';
import { type Delivery, newDelivery, type SealedSecret } from '../../../src/core/webhook.ts';
import { startTestApp, type TestApp } from '../../helpers/app.ts';
import { buildCall } from '../../helpers/calls.ts';
import { buildJob } from '../../helpers/jobs.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../helpers/webhook-receiver.ts';
import { buildWebhookEndpoint, buildWebhookEvent } from '../../helpers/webhooks.ts';

const elsewhere = createSecrets({ current: 'the key of another installation', old: [] });
let lastOwnerId = 5_000;

function newOwnerId(): number {
  lastOwnerId += 1;
  return lastOwnerId;
}

/** A delivery to an endpoint of its own that nobody but the test attempts: its app has no workers. */
async function owe(
  { deps }: TestApp,
  url: string,
  sealed: string = deps.secrets.seal(deps.webhookSigner.newSecret()),
  ownerId = newOwnerId(),
): Promise<Delivery> {
  const event = buildWebhookEvent({ ownerId, createdAt: Date.now(), jobId: null, sequence: null });
  const { id: endpointId, ...endpoint } = buildWebhookEndpoint({ ownerId, url });
  const secret: SealedSecret = { sealed, createdAt: event.createdAt, expiresAt: null };
  await deps.webhookEndpoints.insert({ id: endpointId, ...endpoint }, secret, 100);
  const delivery = newDelivery(event, { ...endpoint, endpointId }, event.createdAt);
  await deps.webhookEvents.insert([event]);
  await deps.webhookDeliveries.insert([delivery]);
  return delivery;
}

/** What the delivery has come to, and when it is to be attempted again. */
async function attempt({ verbs, deps }: TestApp, { id, ownerId, run }: Delivery) {
  const { afterMs } = await verbs.attemptDelivery({ deliveryId: id, ownerId, run }, buildCall());
  const delivery = (await deps.webhookDeliveries.find(ownerId, id)) ?? assert.fail('the delivery is there');
  return { afterMs, delivery };
}

describe('an attempt at a receiver whose secrets cannot be opened', () => {
  let app: TestApp;
  let receiver: WebhookReceiver;

  before(async () => {
    receiver = await startWebhookReceiver();
    app = await startTestApp({ config: { webhooks: { allowHttp: true } } });
  });
  after(async () => {
    await app.stop();
    await receiver.close();
  });
  beforeEach(() => receiver.reset());

  const unreadable: [name: string, seal: () => string][] = [
    ['sealed with a key that is not configured', () => elsewhere.seal('whsec_lost')],
    ['damaged', () => app.deps.secrets.seal('whsec_damaged').slice(0, -8)],
  ];
  for (const [name, seal] of unreadable) {
    it(`gives up and says why: ${name}`, async () => {
      const owed = await owe(app, receiver.urlOf('hook'), seal());
      const { afterMs, delivery } = await attempt(app, owed);
      assert.equal(afterMs, null);
      assert.equal(delivery.status, 'failed');
      assert.equal(delivery.error?.code, 'conflict');
      assert.deepEqual(delivery.attempts, []);
      assert.equal(receiver.messages().length, 0);
    });
  }

  it('does not count against the endpoint', async () => {
    const owed = await owe(app, receiver.urlOf('hook'), elsewhere.seal('whsec_lost'));
    await attempt(app, owed);
    const endpoint = await app.deps.webhookEndpoints.find(owed.ownerId, owed.endpointId ?? '');
    assert.equal(endpoint?.consecutiveFailures, 0);
  });

  it('arrives after the secret was rotated', async () => {
    const owed = await owe(app, receiver.urlOf('hook'), elsewhere.seal('whsec_lost'));
    await attempt(app, owed);
    const known = await app.deps.webhookEndpoints.secretsOf(owed.ownerId, owed.endpointId ?? '');
    const sealed = app.deps.secrets.seal(app.deps.webhookSigner.newSecret());
    const rotated: SealedSecret[] = [{ sealed, createdAt: Date.now(), expiresAt: null }, ...(known ?? [])];
    await app.deps.webhookEndpoints.replaceSecrets(
      owed.ownerId,
      owed.endpointId ?? '',
      known ?? [],
      rotated,
      Date.now(),
    );
    const reopened = await app.deps.webhookDeliveries.reopen(owed.ownerId, owed.id, owed.createdAt);
    const { delivery } = await attempt(app, reopened ?? assert.fail('it had ended'));
    assert.equal(delivery.status, 'succeeded');
    assert.equal(receiver.messages('hook').length, 1);
  });
});

describe('an attempt of which a worker died', () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
  });
  after(() => app.stop());

  /** The delivery is ended with an answer of that status, and its endpoint knows nothing of it yet. */
  async function endWith(owed: Delivery, statusCode: number): Promise<void> {
    const at = Date.now();
    const error = storeError(new GatewayError('upstream_error', `The receiver answered ${statusCode}.`));
    await app.deps.webhookDeliveries.recordAttempt(
      { deliveryId: owed.id, ownerId: owed.ownerId, run: owed.run },
      {
        ...{ at, durationMs: 5, requestHeaders: {}, bodySha256: '', responseBody: null },
        ...{ statusCode, error },
      },
      { status: 'failed', nextAttemptAt: null, completedAt: at, error, url: owed.url },
    );
  }

  async function statusAfterwards(statusCode: number) {
    const owed = await owe(app, 'https://example.com/hook');
    await endWith(owed, statusCode);
    const { afterMs } = await attempt(app, owed);
    assert.equal(afterMs, null);
    return app.deps.webhookEndpoints.find(owed.ownerId, owed.endpointId ?? '');
  }

  it('disables the endpoint that had answered 410', async () => {
    const endpoint = await statusAfterwards(410);
    assert.deepEqual([endpoint?.status, endpoint?.disabledReason], ['disabled', 'gone']);
  });

  it('leaves an endpoint alone that was disabled for it and enabled again', async () => {
    const owed = await owe(app, 'https://example.com/hook');
    await endWith(owed, 410);
    const id = owed.endpointId ?? '';
    await app.deps.webhookOutbox.disable({ ownerId: owed.ownerId, id, url: owed.url }, 'gone', Date.now());
    await app.deps.webhookEndpoints.enable(owed.ownerId, id, Date.now() + 1);
    await attempt(app, owed);
    assert.equal((await app.deps.webhookEndpoints.find(owed.ownerId, id))?.status, 'enabled');
  });

  it('leaves an endpoint alone whose schedule had ended with another answer', async () => {
    assert.equal((await statusAfterwards(500))?.status, 'enabled');
  });
});

describe('the end of a job behind what the receiver was not tried with yet', () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
  });
  after(() => app.stop());

  /** How long it waits for its turn, that long after it happened. */
  async function pauseAfter(ageMs: number): Promise<number | null> {
    const ownerId = newOwnerId();
    const { id: endpointId, ...endpoint } = buildWebhookEndpoint({ ownerId });
    const sealed = app.deps.secrets.seal(app.deps.webhookSigner.newSecret());
    await app.deps.webhookEndpoints.insert(
      { id: endpointId, ...endpoint },
      { sealed, createdAt: Date.now(), expiresAt: null },
      1,
    );
    const createdAt = Date.now() - ageMs;
    const [earlier, end] = [
      buildWebhookEvent({ ownerId, createdAt, type: 'job.queued', sequence: 1 }),
      buildWebhookEvent({ ownerId, createdAt, type: 'job.completed', sequence: 3 }),
    ];
    await app.deps.webhookEvents.insert([earlier, end]);
    const [first, last] = [earlier, end].map((event) => newDelivery(event, { ...endpoint, endpointId }, createdAt));
    if (!first || !last) assert.fail('both are owed');
    await app.deps.webhookDeliveries.insert([first, last]);
    return (await attempt(app, last)).afterMs;
  }

  it('looks again after half the time that it has waited', async () => {
    const afterMs = (await pauseAfter(60_000)) ?? 0;
    assert.ok(afterMs >= 30_000 && afterMs < 90_000, `${afterMs} ms`);
  });

  it('looks again every ten minutes once that is longer', async () => {
    assert.equal(await pauseAfter(24 * 3_600_000), 600_000);
  });
});

describe('an attempt at an address without encryption that was stored when there might be some', () => {
  for (const allowHttp of [true, false]) {
    it(allowHttp ? 'is made while the operator allows it' : 'is not made any more', async (t) => {
      const receiver = await startWebhookReceiver();
      t.after(() => receiver.close());
      const app = await startTestApp({ config: { webhooks: { allowHttp } } });
      t.after(() => app.stop());
      const { delivery } = await attempt(app, await owe(app, receiver.urlOf('hook')));
      assert.equal(delivery.attempts.length, 1);
      assert.equal(delivery.attempts[0]?.statusCode, allowHttp ? 204 : null);
      assert.equal(receiver.messages().length, allowHttp ? 1 : 0);
    });
  }
});

describe('a job whose URL is told of its end twice, in its own words and in those of its door', () => {
  it('shows the way of the message in its own words', async (t) => {
    const receiver = await startWebhookReceiver(({ json }) => ({
      status: (json as { type: string }).type === 'job.completed' ? 204 : 500,
    }));
    t.after(() => receiver.close());
    const app = await startTestApp({ config: { webhooks: { allowHttp: true } } });
    t.after(() => app.stop());
    const { jobs, newJobId, webhookDeliveries } = app.deps;
    const ownerId = newOwnerId();
    const webhook = { url: receiver.urlOf('hook'), events: ['job.completed', 'response.*'], payload: 'thin' } as const;
    const now = Date.now();
    const job = buildJob({
      ...{ id: newJobId(now), ownerId, status: 'in_progress', run: 1, createdAt: now, updatedAt: now },
      webhook: { ...webhook, status: 'waiting', attempts: 0 },
      request: { ...buildJob().request, operation: 'POST /v1/responses' },
    });
    const { id } = job;
    await jobs.accept(job, null);
    const result = { statusCode: 200, headers: {}, body: {}, bodyBlob: null };
    await jobs.end(ownerId, id, 1, { status: 'completed', result, error: null, expiresAt: now + 1e9 }, now);
    const page = { limit: 10, order: 'asc', after: null, endpointId: null, eventType: null, status: null } as const;
    const owed = (await webhookDeliveries.list(ownerId, { ...page, jobId: id })) ?? [];
    assert.deepEqual(owed.map(({ eventType }) => eventType).toSorted(), ['job.completed', 'response.completed']);

    for (const delivery of owed.toSorted((a, b) => a.eventType.localeCompare(b.eventType))) {
      await attempt(app, delivery);
      const shown = (await jobs.find(ownerId, id))?.webhook;
      assert.deepEqual([shown?.status, shown?.attempts], ['delivered', 1], delivery.eventType);
    }
    assert.equal(receiver.messages('hook').length, 2);
  });
});

describe('an account with many receivers that do not answer', () => {
  it('has room for fifty calls at once, and leaves the rest to others', async (t) => {
    const release = Promise.withResolvers<void>();
    const receiver = await startWebhookReceiver({ until: release.promise });
    t.after(() => receiver.close());
    const app = await startTestApp({ config: { webhooks: { allowHttp: true, timeoutMs: 90_000 } } });
    t.after(() => app.stop());
    const ownerId = newOwnerId();
    const oweMore = () => owe(app, receiver.urlOf('tarpit'), undefined, ownerId);
    const held = await Promise.all(Array.from({ length: 50 }, oweMore));
    const attempts = held.map((delivery) => attempt(app, delivery));
    await waitFor('all to be called', () => receiver.messages('tarpit').length === held.length);

    const { afterMs } = await attempt(app, await oweMore());
    assert.ok(afterMs !== null && afterMs > 0, `${afterMs} ms`);
    const ofAnother = attempt(app, await owe(app, receiver.urlOf('other')));
    await waitFor('the other account to be served', () => receiver.messages('other').length === 1);
    assert.equal(receiver.messages('tarpit').length, held.length);

    release.resolve();
    for (const { delivery } of await Promise.all([...attempts, ofAnother])) assert.equal(delivery.status, 'succeeded');
  });
});

describe('the lane of a URL of a job', () => {
  let app: TestApp;
  before(async () => {
    app = await startTestApp();
  });
  after(() => app.stop());

  async function laneOf(ownerId: number, url: string): Promise<string> {
    const event = buildWebhookEvent({ ownerId, jobId: null });
    const target = { endpointId: null, url, events: ['job.*'], payload: 'thin' } as const;
    const receiver = await receiverOf(app.deps, newDelivery(event, target, event.createdAt));
    return 'lane' in receiver ? receiver.lane : assert.fail('there is a receiver');
  }

  it('is shared by all of an account that lead to the same origin', async () => {
    assert.equal(await laneOf(7, 'https://example.com/a'), await laneOf(7, 'https://example.com/b'));
    assert.notEqual(await laneOf(7, 'https://example.com/a'), await laneOf(7, 'https://example.org/a'));
  });

  it('is shared with no other account', async () => {
    assert.notEqual(await laneOf(7, 'https://example.com/a'), await laneOf(8, 'https://example.com/a'));
  });
});
