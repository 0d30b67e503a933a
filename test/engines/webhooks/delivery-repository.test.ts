import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Connection } from 'mongoose';
import { connectMongo } from '../../../src/adapters/mongo/connection.ts';
import {
  createWebhookDeliveryRepository,
  type WebhookDeliveryRepository,
} from '../../../src/adapters/mongo/webhook-deliveries.ts';
import { type Delivery, type DeliveryState, newDelivery } from '../../../src/core/webhook.ts';
import { useEngines } from '../../helpers/engines.ts';
import { buildWebhookEvent } from '../../helpers/webhooks.ts';

const now = 1_763_700_000_000;
const hour = 3_600_000;
const retentionMs = 100 * 365 * 24 * hour;
const always = { since: 0, until: Number.MAX_SAFE_INTEGER };

describe('the log of deliveries', () => {
  const engines = useEngines();
  let connection: Connection;
  let deliveries: WebhookDeliveryRepository;
  let ownerId = 0;

  before(async () => {
    connection = await connectMongo({ url: engines.mongodbUrl, database: engines.database });
    // Not deleted by the database: these are of a time long past.
    deliveries = createWebhookDeliveryRepository(connection, { retentionMs });
  });
  after(async () => {
    await connection.dropDatabase();
    await connection.close();
  });
  beforeEach(() => {
    ownerId += 1;
  });

  async function store(endpointId: string | null, changes: Partial<Delivery> = {}): Promise<Delivery> {
    const event = buildWebhookEvent({ ownerId, createdAt: changes.createdAt ?? now });
    const target = { endpointId, url: 'https://example.com/hook', events: ['*'], payload: 'thin' } as const;
    const delivery = { ...newDelivery(event, target, event.createdAt), ...changes };
    await deliveries.insert([delivery]);
    return delivery;
  }

  const failed = { status: 'failed', nextAttemptAt: null, completedAt: now } as const;

  async function keptUntil(id: string): Promise<number> {
    const stored = connection.collection<{ _id: string; expiresAt: Date }>('webhook_deliveries');
    return (await stored.findOne({ _id: id }))?.expiresAt.getTime() ?? 0;
  }

  const runOf = ({ id }: Delivery) => ({ ownerId, deliveryId: id, run: 0 });
  const sentAnew: [name: string, state: Partial<Delivery>, send: (of: Delivery, at: number) => Promise<unknown>][] = [
    ['by its owner', failed, ({ id }, at) => deliveries.reopen(ownerId, id, at)],
    ['earlier than planned', {}, (delivery, at) => deliveries.hurry(runOf(delivery), at)],
    ['because its workflow was lost', {}, (delivery, at) => deliveries.rerun(runOf(delivery), at)],
  ];
  for (const [name, state, send] of sentAnew) {
    it(`keeps one that is sent anew for as long as a new one: ${name}`, async () => {
      const delivery = await store('we_a', state);
      assert.equal(await keptUntil(delivery.id), now + retentionMs);
      await send(delivery, now + hour);
      assert.equal(await keptUntil(delivery.id), now + hour + retentionMs);
    });
  }

  it('heeds nothing that an older run reports of one that was sent anew', async () => {
    const delivery = await store('we_a');
    const older = runOf(delivery);
    await deliveries.hurry(older, now + hour);
    const ended = { status: 'succeeded', nextAttemptAt: null, error: null, completedAt: now } as const;
    assert.equal(await deliveries.settle(older, ended), null);
    await deliveries.markDispatched([older], now);
    assert.equal((await deliveries.find(ownerId, delivery.id))?.status, 'pending');
    assert.ok((await deliveries.undispatched(now + hour, null, 100)).some(({ id }) => id === delivery.id));
  });

  it('counts one whose workflow was replaced as overdue only a while after that', async () => {
    const { id } = await store('we_a', { nextAttemptAt: now - hour });
    const lost = { ownerId, deliveryId: id, run: 0 };
    async function isOverdue(before: number): Promise<boolean> {
      return (await deliveries.overdue(before, null, 100)).some((one) => one.id === id);
    }
    await deliveries.markDispatched([lost], now);
    assert.equal(await isOverdue(now - 1), true);
    assert.equal((await deliveries.rerun(lost, now))?.run, 1);
    await deliveries.markDispatched([{ ...lost, run: 1 }], now);
    assert.equal(await isOverdue(now - 1), false);
    assert.equal(await isOverdue(now), true);
  });

  it('is read once from end to end for what was given up, also while that is given up again', async () => {
    // Pairs of the same time: their ids decide.
    const stored: Delivery[] = [];
    for (let index = 0; index < 6; index += 1) {
      stored.push(await store('we_a', { ...failed, createdAt: now + Math.floor(index / 2) }));
    }
    const read: string[] = [];
    let last: DeliveryState | null = null;
    for (;;) {
      const page: DeliveryState[] = await deliveries.failedIn(ownerId, { ...always, receivers: ['we_a'] }, last, 2);
      read.push(...page.map(({ id }) => id));
      if (page.length < 2) break;
      last = page.at(-1) ?? null;
    }
    assert.deepEqual(read.toSorted(), stored.map(({ id }) => id).toSorted());
    assert.equal(new Set(read).size, read.length);
  });

  it('is read for some receivers only, of a time', async () => {
    const [a, url] = [await store('we_a', failed), await store(null, failed)];
    await store('we_b', failed);
    await store('we_a', { status: 'succeeded' });
    const idsOf = async (receivers: (string | null)[], range = always) =>
      (await deliveries.failedIn(ownerId, { ...range, receivers }, null, 100)).map(({ id }) => id).toSorted();
    assert.deepEqual(await idsOf(['we_a']), [a.id]);
    assert.deepEqual(await idsOf([null]), [url.id]);
    assert.deepEqual(await idsOf(['we_a', null]), [a.id, url.id].toSorted());
    assert.deepEqual(await idsOf(['we_a'], { since: now, until: now + 1 }), [a.id]);
    assert.deepEqual(await idsOf(['we_a'], { since: now, until: now }), []);
    assert.deepEqual(await idsOf(['we_a'], { since: now + 1, until: now + 2 }), []);
    await store('we_a', { ...failed, createdAt: now + 1 });
    const upToNow = { receivers: ['we_a'], since: now, until: now + 1 };
    assert.deepEqual(await deliveries.failedIn(ownerId, upToNow, a, 100), []);
  });
});
