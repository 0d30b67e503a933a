import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import type { DeliveryStart } from '../../src/core/delivery-run.ts';
import { standardScheduleMs } from '../../src/core/delivery-schedule.ts';
import { queueName } from '../../src/core/queues.ts';
import type { Steps } from '../../src/workflows/steps.ts';
import { testServerPath } from '../helpers/engines.ts';

const start: DeliveryStart = { deliveryId: 'wh:evt_1:we_1', ownerId: 7, run: 2, firstAfterMs: 0 };
const minuteMs = 60_000;

describe("a delivery's workflow", () => {
  let environment: TestWorkflowEnvironment;
  let workflowBundle: WorkflowBundle;

  before(async () => {
    Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR') });
    const executable = { type: 'existing-path', path: testServerPath() } as const;
    environment = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
    const workflowsPath = fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url));
    workflowBundle = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  });
  after(() => environment?.teardown());

  /** Runs the workflow with these answers of its step; the inputs of the step and when, on the server's clock. */
  async function run(args: DeliveryStart, attemptDelivery: Steps['attemptDelivery']) {
    const calls: { input: unknown; at: number }[] = [];
    const prefix = `test-${crypto.randomUUID()}`;
    const { nativeConnection: connection, client } = environment;
    const taskQueue = queueName(prefix, 'workflows');
    const activities = {
      attemptDelivery: async (input: never) => {
        calls.push({ input, at: await environment.currentTimeMs() });
        return attemptDelivery(input);
      },
    };
    const workers = await Promise.all([
      Worker.create({ connection, taskQueue, workflowBundle }),
      Worker.create({ connection, taskQueue: queueName(prefix, 'webhooks'), activities }),
    ]);
    const running = Promise.all(workers.map((worker) => worker.run()));
    const startedAt = await environment.currentTimeMs();
    await client.workflow.execute('deliverWebhook', { taskQueue, workflowId: prefix, args: [args] });
    for (const worker of workers) worker.shutdown();
    await running;
    return { startedAt, calls };
  }

  it('tries, waits for as long as it is told, and tries again: the whole schedule', async () => {
    const pauses = standardScheduleMs.slice(1);
    let step = 0;
    const { calls } = await run(start, async () => {
      const afterMs = pauses[step] ?? null;
      step += 1;
      return { afterMs };
    });
    assert.equal(calls.length, standardScheduleMs.length);
    for (const [index, pause] of pauses.entries()) {
      const waited = (calls[index + 1]?.at ?? 0) - (calls[index]?.at ?? 0);
      assert.ok(waited >= pause && waited < pause + minuteMs, `waited ${waited} ms instead of ${pause}`);
    }
    for (const { input } of calls) assert.deepEqual(input, { deliveryId: 'wh:evt_1:we_1', ownerId: 7, run: 2 });
  });

  it('waits before the first attempt where the schedule says so', async () => {
    const { startedAt, calls } = await run({ ...start, firstAfterMs: 10 * minuteMs }, async () => ({ afterMs: null }));
    assert.ok((calls[0]?.at ?? 0) - startedAt >= 10 * minuteMs);
  });
});
