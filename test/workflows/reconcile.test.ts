import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ApplicationFailure } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import { queueName } from '../../src/core/queues.ts';
import type { Steps } from '../../src/workflows/steps.ts';
import { testServerPath } from '../helpers/engines.ts';

/** The parts of a pass, in their order. */
const parts = ['dispatchJobs', 'dispatchDeliveries', 'reconcileJobs', 'reconcileDeliveries', 'purgeExpired'] as const;
type Upkeep = Pick<Steps, (typeof parts)[number]>;

const nothingToDo: Upkeep = {
  dispatchJobs: async () => ({ started: 0 }),
  dispatchDeliveries: async () => ({ started: 0 }),
  reconcileJobs: async () => ({ cursor: null, repaired: 0 }),
  reconcileDeliveries: async () => ({ cursor: null, repaired: 0 }),
  purgeExpired: async () => ({ jobs: 0, blobs: 0, more: false }),
};

describe('a pass of the reconciler', () => {
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

  /** One pass with these steps; answers their names in the order they ran, and how the pass ended. */
  async function pass(changes: Partial<Upkeep>) {
    const calls: string[] = [];
    const activities = Object.fromEntries(
      Object.entries({ ...nothingToDo, ...changes }).map(([name, step]) => [
        name,
        async (input: never) => {
          calls.push(name);
          return step(input);
        },
      ]),
    );
    const prefix = `test-${crypto.randomUUID()}`;
    const { nativeConnection: connection, client } = environment;
    const taskQueue = queueName(prefix, 'workflows');
    const workers = await Promise.all([
      Worker.create({ connection, taskQueue, workflowBundle }),
      Worker.create({ connection, taskQueue: queueName(prefix, 'io'), activities }),
    ]);
    const running = Promise.all(workers.map((worker) => worker.run()));
    const outcome = await client.workflow.execute('reconcile', { taskQueue, workflowId: prefix, args: [] }).then(
      () => 'completed',
      () => 'failed',
    );
    for (const worker of workers) worker.shutdown();
    await running;
    return { calls, outcome };
  }

  const refuse = async () => {
    throw ApplicationFailure.nonRetryable('no');
  };

  it('dispatches, repairs page by page, and deletes until nothing is left', async () => {
    const cursors: (string | null)[] = [];
    let pages = 3;
    const { calls, outcome } = await pass({
      reconcileJobs: async ({ cursor }) => {
        cursors.push(cursor);
        return { cursor: cursor === null ? 'next' : null, repaired: 0 };
      },
      purgeExpired: async () => {
        pages -= 1;
        return { jobs: 100, blobs: 0, more: pages > 0 };
      },
    });
    assert.equal(outcome, 'completed');
    assert.deepEqual(cursors, [null, 'next']);
    assert.deepEqual(calls, [
      'dispatchJobs',
      'dispatchDeliveries',
      ...Array(2).fill('reconcileJobs'),
      'reconcileDeliveries',
      ...Array(3).fill('purgeExpired'),
    ]);
  });

  for (const name of parts) {
    it(`runs all its parts although ${name} fails, and fails`, async () => {
      const { calls, outcome } = await pass({ [name]: refuse });
      assert.deepEqual(calls, parts);
      assert.equal(outcome, 'failed');
    });
  }

  it('gives up a part that keeps failing, so that the next pass can begin', async () => {
    const { calls, outcome } = await pass({
      dispatchJobs: async () => {
        throw ApplicationFailure.retryable('not now');
      },
    });
    assert.deepEqual(calls, [...Array(2).fill('dispatchJobs'), ...parts]);
    assert.equal(outcome, 'failed');
  });
});
