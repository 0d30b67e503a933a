import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { Client } from '@temporalio/client';
import type { Connection } from 'mongoose';
import { connectMongo } from '../../../src/adapters/mongo/connection.ts';
import { connectTemporal } from '../../../src/adapters/temporal/connection.ts';
import { type CrashPointName, onCrashPoint } from '../../../src/core/crash-point.ts';
import { newDelivery } from '../../../src/core/webhook.ts';
import { startTestApp, type TestApp, type TestCaller } from '../../helpers/app.ts';
import { buildCall } from '../../helpers/calls.ts';
import { waitFor } from '../../helpers/wait-for.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../../helpers/webhook-receiver.ts';
import {
  acceptJob,
  completeJob,
  createEndpoint,
  delivered,
  deliveriesOf,
  endJob,
} from '../../helpers/webhook-sender.ts';
import { buildWebhookEvent } from '../../helpers/webhooks.ts';

const hourMs = 3_600_000;
const webhooks = { allowHttp: true, scheduleMs: [0, hourMs], timeoutMs: 5_000, callsPerReceiver: 2 };
const onlyEnd = { events: ['job.completed'] };

describe('what receivers are owed', () => {
  let app: TestApp;
  let receiver: WebhookReceiver;
  let connection: Connection;
  let caller: TestCaller;

  before(async () => {
    [app, receiver] = await Promise.all([
      startTestApp({ workers: true, config: { webhooks } }),
      startWebhookReceiver(),
    ]);
    connection = await connectMongo(app.deps.config.mongodb);
  });
  after(async () => {
    await connection.close();
    await app.stop();
    await receiver.close();
  });
  beforeEach(async () => {
    caller = await app.signUp();
    receiver.reset();
  });
  afterEach(() => onCrashPoint(() => undefined));

  /** The next time this process comes to `name`, it goes no further there. */
  function failAt(name: CrashPointName): void {
    onCrashPoint((reached) => {
      if (reached !== name) return;
      onCrashPoint(() => undefined);
      throw new Error('the process died here');
    });
  }

  async function terminate(workflowId: string): Promise<void> {
    const temporal = connectTemporal(app.deps.config.temporal.address);
    await new Client({ connection: temporal }).workflow.getHandle(workflowId).terminate('by an operator');
    await temporal.close();
  }

  async function statusOf(jobId: string): Promise<string | undefined> {
    return (await app.deps.jobs.find(caller.userId, jobId))?.status;
  }

  it('is written together with the end of the job, or neither is', async () => {
    await createEndpoint(caller, receiver.urlOf('hook'), onlyEnd);
    const id = await acceptJob(app, caller.userId);
    await app.deps.jobs.move(caller.userId, id, { to: 'in_progress', now: Date.now() });
    failAt('webhook.owed.before_commit');
    await assert.rejects(endJob(app, caller.userId, id), /died here/);
    assert.equal(await statusOf(id), 'in_progress');
    assert.equal((await deliveriesOf(caller)).length, 0);
    assert.deepEqual(await app.deps.webhookEvents.since(caller.userId, 0, null, 10), []);
  });

  it('is sent by the sweep when whoever wrote it died before it could', async () => {
    await createEndpoint(caller, receiver.urlOf('hook'), onlyEnd);
    const id = await acceptJob(app, caller.userId);
    await app.deps.jobs.move(caller.userId, id, { to: 'in_progress', now: Date.now() });
    failAt('webhook.committed.before_announce');
    await assert.rejects(endJob(app, caller.userId, id), /died here/);
    assert.equal(await statusOf(id), 'completed');
    await delivered(caller, 'job.completed', 'succeeded');
    assert.equal(receiver.messages().length, 1);
  });

  it('is begun once, however many begin it', async () => {
    await createEndpoint(caller, receiver.urlOf('hook'), onlyEnd);
    const id = await acceptJob(app, caller.userId);
    await completeJob(app, caller.userId, id);
    const [delivery] = await deliveriesOf(caller);
    assert.ok(delivery);
    await connection
      .collection('webhook_deliveries')
      .updateMany({ ownerId: caller.userId }, { $set: { dispatchedAt: null } });
    await Promise.all(Array.from({ length: 3 }, () => app.verbs.dispatchDeliveries({ olderThanMs: 0 }, buildCall())));
    await delivered(caller, 'job.completed', 'succeeded');
    assert.equal(receiver.messages().length, 1);
  });

  it('is not begun once more when its workflow has ended', async () => {
    receiver.next({ status: 500 });
    await createEndpoint(caller, receiver.urlOf('hook'), onlyEnd);
    await completeJob(app, caller.userId, await acceptJob(app, caller.userId));
    await waitFor('the first attempt', async () => (await deliveriesOf(caller))[0]?.attempts.length === 1);
    const [delivery] = await deliveriesOf(caller);
    const run = { deliveryId: delivery?.id ?? '', ownerId: caller.userId, run: 0 };
    await terminate(run.deliveryId);
    await app.deps.deliveryWorkflows.start({ ...run, firstAfterMs: 0 }, 'job.completed');
    assert.equal(await app.deps.deliveryWorkflows.describe(run), 'terminated');
  });

  it('that cannot be begun does not keep the others waiting', async (t) => {
    t.after(() => connection.collection('webhook_deliveries').deleteMany({ ownerId: caller.userId }));
    const event = buildWebhookEvent({ ownerId: caller.userId, createdAt: Date.now(), jobId: null, sequence: null });
    await app.deps.webhookEvents.insert([event]);
    const target = { endpointId: null, url: receiver.urlOf('hook'), events: ['job.*'], payload: 'thin' } as const;
    const due = newDelivery(event, target, event.createdAt);
    // No workflow has so long a name; more of these than are begun side by side, and before it by their ids.
    const tooLong = Array.from({ length: 9 }, (_, index) => ({ ...due, id: `a${index}${'x'.repeat(1_000)}` }));
    await app.deps.webhookDeliveries.insert([...tooLong, due]);
    await app.verbs.dispatchDeliveries({ olderThanMs: 0 }, buildCall());
    await delivered(caller, 'job.completed', 'succeeded');
    assert.equal(receiver.messages('hook').length, 1);
  });

  it('goes on where it was when an operator has ended its workflow', async () => {
    receiver.next({ status: 500 });
    await createEndpoint(caller, receiver.urlOf('hook'), onlyEnd);
    await completeJob(app, caller.userId, await acceptJob(app, caller.userId));
    await waitFor('the first attempt', async () => (await deliveriesOf(caller))[0]?.attempts.length === 1);
    const [delivery] = await deliveriesOf(caller);
    await terminate(delivery?.id ?? '');
    const overdue = { $set: { nextAttemptAt: Date.now() - hourMs } };
    await connection.collection('webhook_deliveries').updateMany({ ownerId: caller.userId }, overdue);
    const { repaired } = await app.verbs.reconcileDeliveries({ cursor: null }, buildCall());
    assert.equal(repaired, 1);
    await delivered(caller, 'job.completed', 'succeeded');
    const [first, second] = receiver.messages();
    assert.equal(first?.id, second?.id);
    assert.equal(second?.attempt, 2);
  });

  it('by a dead receiver does not keep the others waiting', async () => {
    receiver.respond(({ path }) => (path === '/dead' ? 'silence' : { status: 204 }));
    await createEndpoint(caller, receiver.urlOf('dead'), onlyEnd);
    for (let count = 0; count < 20; count += 1) {
      await completeJob(app, caller.userId, await acceptJob(app, caller.userId));
    }
    const healthy = await createEndpoint(caller, receiver.urlOf('healthy'), onlyEnd);
    for (let count = 0; count < 10; count += 1) {
      await completeJob(app, caller.userId, await acceptJob(app, caller.userId));
    }
    await waitFor('the healthy one to have all', () => receiver.messages('healthy').length === 10);
    const states = await deliveriesOf(caller);
    const open = states.filter(({ endpoint_id, status }) => endpoint_id !== healthy.id && status === 'pending');
    assert.ok(open.length >= 20, `${open.length} of the dead one's are open`);
    assert.ok(receiver.messages('dead').length < 20, 'all calls on the dead one were made at once');
  });
});
