import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import { queueName } from '../../src/core/queues.ts';
import type { DeliveryStart } from '../../src/core/webhooks/delivery-run.ts';
import { standardScheduleMs } from '../../src/core/webhooks/delivery-schedule.ts';
import type { Steps } from '../../src/workflows/steps.ts';
import { testServerPath } from '../helpers/engines.ts';

const start: DeliveryStart = { deliveryId: 'wh:evt_1:we_1', ownerId: 7, run: 2, firstAfterMs: 0 };
const minuteMs = 60_000;

describe("a delivery's workflow", () => {
  let environment: TestWorkflowEnvironment;
  let workflowBundle: WorkflowBundle;
  let earlierBundle: WorkflowBundle;

  before(async () => {
    Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR') });
    const executable = { type: 'existing-path', path: testServerPath() } as const;
    environment = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
    workflowBundle = await bundle('../../src/workflows/index.ts');
    earlierBundle = await bundle('../fixtures/endless-deliveries.ts');
  });
  after(() => environment?.teardown());

  function bundle(path: string): Promise<WorkflowBundle> {
    const workflowsPath = fileURLToPath(new URL(path, import.meta.url));
    return bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  }

  /** Runs the workflow with these answers of its step; the inputs of the step and when, on the server's clock. */
  async function run(args: DeliveryStart, attemptDelivery: Steps['attemptDelivery'], code = workflowBundle) {
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
      Worker.create({ connection, taskQueue, workflowBundle: code }),
      Worker.create({ connection, taskQueue: queueName(prefix, 'webhooks'), activities }),
    ]);
    const running = Promise.all(workers.map((worker) => worker.run()));
    const startedAt = await environment.currentTimeMs();
    const handle = await client.workflow.start('deliverWebhook', { taskQueue, workflowId: prefix, args: [args] });
    await handle.result();
    // Of the last run, where the workflow went on as a new one.
    const history = await client.workflow.getHandle(prefix).fetchHistory();
    for (const worker of workers) worker.shutdown();
    await running;
    return { startedAt, calls, history };
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

  /** Answers `afterMs` for all of `turns` but the last. */
  function turnsOf(turns: number, afterMs: number): Steps['attemptDelivery'] {
    let made = 0;
    return async () => {
      made += 1;
      return { afterMs: made < turns ? afterMs : null };
    };
  }

  it('goes on in a new history where one would grow too long, with the pause that was next', async () => {
    const { calls, history } = await run(start, turnsOf(101, minuteMs));
    assert.equal(calls.length, 101);
    assert.ok((history.events?.length ?? 0) < 50, `${history.events?.length} events`);
    const [before, after] = calls.slice(-2);
    assert.deepEqual(after?.input, before?.input);
    const waited = (after?.at ?? 0) - (before?.at ?? 0);
    assert.ok(waited >= minuteMs && waited < 2 * minuteMs, `waited ${waited} ms`);
  });

  it('has one history for all that fits into one', async () => {
    const { history } = await run(start, turnsOf(100, 0));
    assert.ok((history.events?.length ?? 0) > 500, `${history.events?.length} events`);
  });

  it('replays a longer history from before there was an end to them', async () => {
    const { history } = await run(start, turnsOf(110, 1), earlierBundle);
    await Worker.runReplayHistory({ workflowBundle }, history);
  });
});
