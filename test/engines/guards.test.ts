/** Guards that stand behind others, so that no other test would miss them; see `test/mutations`. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { Client, Connection as TemporalConnection } from '@temporalio/client';
import type { Connection } from 'mongoose';
import { connectMongo } from '../../src/adapters/mongo/connection.ts';
import { createJobModels } from '../../src/adapters/mongo/job-record.ts';
import { prepareMongo } from '../../src/adapters/mongo/prepare.ts';
import { createWebhookDeliveryRepository } from '../../src/adapters/mongo/webhook-deliveries.ts';
import { createWorkflows, type Workflows } from '../../src/adapters/temporal/client.ts';
import type { Delivery } from '../../src/core/webhook.ts';
import { buildCall } from '../helpers/calls.ts';
import { patience, useEngines } from '../helpers/engines.ts';
import { buildJob } from '../helpers/jobs.ts';

describe('the store', () => {
  let connection: Connection;
  before(async () => {
    const { mongodbUrl, database } = useEngines();
    connection = await connectMongo({ url: mongodbUrl, database });
    createJobModels(connection);
    await prepareMongo(connection);
  });
  after(async () => {
    await connection.dropDatabase();
    await connection.close();
  });

  it('acknowledges what is on the journal of a majority', () => {
    const { w, journal } = connection.db?.writeConcern ?? {};
    assert.deepEqual({ w, journal }, { w: 'majority', journal: true });
  });

  it('refuses a second event of the same number', async () => {
    const events = connection.collection('job_events');
    const event = { ownerId: 7, jobId: 'job_1', sequence: 2, type: 'job.started', createdAt: 1, data: {} };
    await events.insertOne({ ...event });
    await assert.rejects(events.insertOne({ ...event }), { code: 11_000 });
  });
});

describe('a delivery that is owed', () => {
  let connection: Connection;
  before(async () => {
    const { mongodbUrl, database } = useEngines();
    connection = await connectMongo({ url: mongodbUrl, database });
  });
  after(async () => {
    await connection.dropDatabase();
    await connection.close();
  });

  it('stays as it is when it is sent again by whoever does not know of it', async () => {
    const deliveries = createWebhookDeliveryRepository(connection, { retentionMs: 3_600_000 });
    await prepareMongo(connection);
    const delivery: Delivery = {
      id: 'wh:evt_1:we_1',
      ownerId: 7,
      eventId: 'evt_1',
      eventType: 'job.completed',
      endpointId: 'we_1',
      jobId: null,
      sequence: null,
      run: 1,
      step: 0,
      tries: 0,
      url: 'https://example.com/hook',
      status: 'pending',
      attempts: [],
      nextAttemptAt: 1,
      error: null,
      createdAt: 1,
      completedAt: null,
    };
    await deliveries.insert([{ ...delivery, status: 'succeeded' }]);
    await deliveries.insert([delivery]);
    const stored = await connection.collection('webhook_deliveries').find({}).toArray();
    assert.deepEqual(
      stored.map(({ status }) => status),
      ['succeeded'],
    );
  });
});

describe('the workflow of a job', () => {
  let connection: TemporalConnection;
  let client: Client;
  let workflows: Workflows;
  const { temporalAddress, queuePrefix } = useEngines();
  before(async () => {
    connection = await TemporalConnection.connect({ address: temporalAddress });
    client = new Client({ connection });
    workflows = createWorkflows(
      connection,
      { ...patience.temporal, namespace: 'default', queuePrefix },
      buildCall().log,
    );
  });
  after(() => connection.close());

  const runIdOf = async (id: string) => (await client.workflow.getHandle(`job:${id}`).describe()).runId;

  it('goes on when it is started again while it runs', async () => {
    const job = buildJob({ id: `job_${queuePrefix}_running` });
    await workflows.start(job);
    const first = await runIdOf(job.id);
    await workflows.start(job);
    assert.equal(await runIdOf(job.id), first);
    await client.workflow.getHandle(`job:${job.id}`).terminate();
  });

  it('is not begun anew when it has ended', async () => {
    const job = buildJob({ id: `job_${queuePrefix}_ended` });
    await workflows.start(job);
    const first = await runIdOf(job.id);
    await client.workflow.getHandle(`job:${job.id}`).terminate();
    await workflows.start(job);
    assert.equal(await runIdOf(job.id), first);
  });
});
