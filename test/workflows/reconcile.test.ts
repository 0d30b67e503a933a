import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ApplicationFailure } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import { queueName } from '../../src/core/queues.ts';
import type { Steps } from '../../src/workflows/steps.ts';
import { testServerPath } from '../helpers/engines.ts';
import { waitFor } from '../helpers/wait-for.ts';

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
  let earlierBundle: WorkflowBundle;

  before(async () => {
    Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR') });
    const executable = { type: 'existing-path', path: testServerPath() } as const;
    environment = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
    workflowBundle = await bundle('../../src/workflows/index.ts');
    earlierBundle = await bundle('../fixtures/endless-repairs.ts');
  });
  after(() => environment?.teardown());

  function bundle(path: string): Promise<WorkflowBundle> {
    const workflowsPath = fileURLToPath(new URL(path, import.meta.url));
    return bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  }

  /** One pass with these steps; answers their names in the order they ran, and how the pass ended. */
  async function pass(changes: Partial<Upkeep>, code = workflowBundle) {
    return withWorkers(changes, code, async ({ calls, ...start }) => {
      const passed = await environment.client.workflow.execute('reconcile', { ...start, args: [] });
      const { failures } = (passed ?? { failures: [] }) as { failures: string[] };
      const history = await environment.client.workflow.getHandle(start.workflowId).fetchHistory();
      return { calls, failures, history };
    });
  }

  /** What `use` answers, while there are workers with these steps. */
  async function withWorkers<Answer>(
    changes: Partial<Upkeep>,
    code: WorkflowBundle,
    use: (start: { taskQueue: string; workflowId: string; calls: string[] }) => Promise<Answer>,
  ): Promise<Answer> {
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
    const { nativeConnection: connection } = environment;
    const taskQueue = queueName(prefix, 'workflows');
    const workers = await Promise.all([
      Worker.create({ connection, taskQueue, workflowBundle: code }),
      Worker.create({ connection, taskQueue: queueName(prefix, 'io'), activities }),
    ]);
    const running = Promise.all(workers.map((worker) => worker.run()));
    const answer = await use({ taskQueue, workflowId: prefix, calls });
    for (const worker of workers) worker.shutdown();
    await running;
    return answer;
  }

  const refuse = async () => {
    throw ApplicationFailure.nonRetryable('no');
  };

  it('dispatches, repairs page by page, and deletes until nothing is left', async () => {
    const cursors: (string | null)[] = [];
    let pages = 3;
    const { calls, failures } = await pass({
      reconcileJobs: async ({ cursor }) => {
        cursors.push(cursor);
        return { cursor: cursor === null ? 'next' : null, repaired: 0 };
      },
      purgeExpired: async () => {
        pages -= 1;
        return { jobs: 100, blobs: 0, more: pages > 0 };
      },
    });
    assert.deepEqual(failures, []);
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
    it(`runs all its parts although ${name} fails, and says so`, async () => {
      const { calls, failures } = await pass({ [name]: refuse });
      assert.deepEqual(calls, parts);
      assert.equal(failures.length, 1);
      assert.match(failures[0] ?? '', /^\w+: no$/);
    });
  }

  /** Pages without end, of which each takes four seconds. */
  function endless(cursors: (string | null)[]): Steps['reconcileJobs'] {
    return async ({ cursor }) => {
      cursors.push(cursor);
      await environment.sleep(4_000);
      return { cursor: String(cursors.length), repaired: 0 };
    };
  }

  it('leaves repairs that take too long to the next, and deletes all the same', async () => {
    const jobs: (string | null)[] = [];
    const deliveries: (string | null)[] = [];
    const steps = { reconcileJobs: endless(jobs), reconcileDeliveries: endless(deliveries) };
    const { calls, failures } = await pass(steps);
    assert.deepEqual(failures, []);
    assert.deepEqual([jobs, deliveries], [Array.of(null, '1', '2'), Array.of(null, '1', '2')]);
    assert.equal(calls.at(-1), 'purgeExpired');
  });

  it('replays a longer one from before repairs had their time', async () => {
    let pages = 5;
    const reconcileJobs = endless([]);
    const { history } = await pass(
      {
        reconcileJobs: async (input, ...rest) => {
          pages -= 1;
          return { ...(await reconcileJobs(input, ...rest)), ...(pages === 0 && { cursor: null }) };
        },
      },
      earlierBundle,
    );
    await Worker.runReplayHistory({ workflowBundle }, history);
  });

  it('gives up a part that keeps failing, so that the next pass can begin', async () => {
    const { calls, failures } = await pass({
      dispatchJobs: async () => {
        throw ApplicationFailure.retryable('not now');
      },
    });
    assert.deepEqual(calls, [...Array(2).fill('dispatchJobs'), ...parts]);
    assert.deepEqual(failures, ['dispatch: not now']);
  });

  it('goes on where the one before it stopped', async () => {
    const cursors: (string | null)[] = [];
    await withWorkers({ reconcileJobs: endless(cursors) }, workflowBundle, async ({ calls: _calls, ...start }) => {
      // What a schedule hands on from run to run, `cron` does; of schedules this server knows nothing.
      const options = { ...start, cronSchedule: '* * * * *', args: [] };
      const handle = await environment.client.workflow.start('reconcile', options);
      await waitFor('a second pass', async () => {
        await environment.sleep(20_000);
        return cursors.length > 3;
      });
      await handle.terminate();
    });
    assert.deepEqual(cursors.slice(0, 4), [null, '1', '2', '3']);
  });
});
