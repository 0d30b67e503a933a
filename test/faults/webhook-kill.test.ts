import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { inLanes } from '../../src/core/in-lanes.ts';
import { chooseSeed, seededRandom, until } from '../helpers/stack.ts';
import { verifyWebhook, webhooksIn } from '../helpers/webhook-receiver.ts';
import { type Caller, hooks, openWorld, type World } from './crash-points/world.ts';

const kills = Number(process.env['WEBHOOK_KILLS'] ?? 10);
/** A death between sending and writing it down doubles what was just sent: and whatever else was on its way in the process. */
const eventsPerKill = 300;
const lanes = 8;
const point = 'webhook.sent.before_record';
const maxDoubledShare = 0.01;

/** F28 of the fault matrix. Doubled: messages received beyond the first of each event, over all messages received. */
describe('a worker that is killed between sending a webhook and writing down that it was sent', () => {
  let world: World;
  before(async () => {
    world = await openWorld('webhook-kill');
  });
  after(() => world.close());

  async function send(caller: Caller, endpointId: string, count: number): Promise<void> {
    await inLanes([...Array(count).keys()], lanes, new AbortController().signal, async () => {
      const { status } = await caller.send('POST', `/v1/webhooks/endpoints/${endpointId}/test`);
      assert.equal(status, 202);
    });
  }

  it(`${kills} times: every event arrives, under one id, and at most 1 % are doubled`, async (t) => {
    const seed = chooseSeed();
    t.diagnostic(`FAULT_SEED=${seed}`);
    const random = seededRandom(seed);
    const caller = await world.signUp();
    const url = new URL(`${hooks}kill`, world.upstream.url).href;
    const made = await caller.send('POST', '/v1/webhooks/endpoints', { body: { url } });
    const { id, secret } = made.body as { id: string; secret: string };

    for (let kill = 0; kill < kills; kill += 1) {
      world.points.arm(point, Math.floor(random() * (eventsPerKill / 2)));
      await send(caller, id, eventsPerKill);
      await until(`death ${kill + 1}`, 120_000, async () => world.points.hasFired(point));
    }

    const deliveries = world.database.collection('webhook_deliveries');
    const owner = { ownerId: caller.userId };
    await until('every delivery to succeed', 300_000, async () => {
      return (await deliveries.countDocuments({ ...owner, status: { $ne: 'succeeded' } })) === 0;
    });
    const sent = await world.database.collection('webhook_events').distinct('_id', owner);
    const messages = webhooksIn(world.upstream.ledger, url);
    for (const message of messages) verifyWebhook(message, secret);
    const received = new Set(messages.map((message) => message.id));
    assert.deepEqual([...received].toSorted(), sent.map(String).toSorted());
    const doubled = messages.length - received.size;
    t.diagnostic(`${world.deaths()} deaths, ${sent.length} events, ${messages.length} messages, ${doubled} doubled`);
    assert.ok(world.deaths() >= kills);
    assert.ok(doubled <= messages.length * maxDoubledShare, `${doubled} of ${messages.length} were doubled`);
  });
});
