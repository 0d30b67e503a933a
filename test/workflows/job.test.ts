import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure, WorkflowFailedError } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { bundleWorkflowCode, DefaultLogger, Runtime, Worker, type WorkflowBundle } from '@temporalio/worker';
import { queueName } from '../../src/core/queues.ts';
import type { JobStart } from '../../src/workflows/job.ts';
import type { Steps } from '../../src/workflows/steps.ts';
import { testServerPath } from '../helpers/engines.ts';

const start: JobStart = { jobId: 'job_1', ownerId: 7, maxAttempts: 3, deadlineAt: null };
const ref = { jobId: 'job_1', ownerId: 7 };

describe("a job's workflow", () => {
  let environment: TestWorkflowEnvironment;
  let workflowBundle: WorkflowBundle;

  before(async () => {
    // Steps fail on purpose here; what the worker has to say about it is noise.
    Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR') });
    const executable = { type: 'existing-path', path: testServerPath() } as const;
    environment = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
    const workflowsPath = fileURLToPath(new URL('../../src/workflows/index.ts', import.meta.url));
    workflowBundle = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('ERROR') });
  });
  after(() => environment?.teardown());

  /** Runs a workflow whose steps are `steps`; answers the names and inputs of the steps that ran. */
  async function run(
    workflow: string,
    steps: Partial<Steps>,
    options: { args?: JobStart; cancelWhen?: Promise<unknown> } = {},
  ) {
    const calls: [string, unknown][] = [];
    const activities = Object.fromEntries(
      Object.entries(steps).map(([name, step]) => [
        name,
        async (input: unknown) => {
          calls.push([name, input]);
          return (step as (input: unknown) => unknown)(input);
        },
      ]),
    );
    const prefix = `test-${crypto.randomUUID()}`;
    const common = { connection: environment.nativeConnection };
    const workers = await Promise.all([
      Worker.create({ ...common, taskQueue: queueName(prefix, 'workflows'), workflowBundle }),
      ...(['io', 'cpu', 'llm'] as const).map((queue) =>
        Worker.create({ ...common, taskQueue: queueName(prefix, queue), activities, shutdownGraceTime: 0 }),
      ),
    ]);
    const running = Promise.all(workers.map((worker) => worker.run()));
    const handle = await environment.client.workflow.start(workflow, {
      taskQueue: queueName(prefix, 'workflows'),
      workflowId: prefix,
      args: [options.args ?? start],
    });
    void options.cancelWhen?.then(() => handle.cancel());
    const outcome = await handle.result().then(
      () => 'completed',
      (error: unknown) => (error instanceof WorkflowFailedError ? error.cause : error),
    );
    for (const worker of workers) worker.shutdown();
    await running;
    return { calls, outcome };
  }

  /** A step that goes on until it is cancelled. */
  function endless(begun: () => void = () => undefined): () => Promise<never> {
    return async () => {
      begun();
      const context = Context.current();
      const heartbeat = setInterval(() => context.heartbeat(), 100);
      try {
        return await context.cancelled;
      } finally {
        clearInterval(heartbeat);
      }
    };
  }

  it('is one step when all goes well', async () => {
    const { calls, outcome } = await run('runCall', { runCall: async () => undefined });
    assert.equal(outcome, 'completed');
    assert.deepEqual(calls, [['runCall', ref]]);
  });

  it('stores the error of a step that gives up, as the worker put it', async () => {
    const stored = { code: 'model_not_found', message: 'Model not found.', param: 'model', retryable: false };
    const { calls, outcome } = await run('runCall', {
      runCall: async () => {
        throw ApplicationFailure.create({ type: stored.code, nonRetryable: true, details: [stored] });
      },
      endJob: async () => undefined,
    });
    assert.ok(outcome instanceof Error);
    assert.deepEqual(calls.at(-1), ['endJob', { ...ref, outcome: 'failed', error: stored }]);
  });

  it('tries a step again whose worker was lost, more often than the job may fail', async () => {
    let tries = 0;
    const { outcome } = await run('runCall', {
      runCall: async () => {
        tries += 1;
        if (tries <= start.maxAttempts + 1) throw ApplicationFailure.retryable('worker lost', 'unavailable');
      },
    });
    assert.equal(outcome, 'completed');
  });

  it('ends the job as cancelled when it is cancelled', async () => {
    const begun = Promise.withResolvers<void>();
    const { calls, outcome } = await run(
      'runCall',
      { runCall: endless(begun.resolve), endJob: async () => undefined },
      { cancelWhen: begun.promise },
    );
    assert.ok(outcome instanceof CancelledFailure, String(outcome));
    assert.deepEqual(calls.at(-1), ['endJob', { ...ref, outcome: 'cancelled', error: null }]);
  });

  it('ends the job as expired when its deadline passes', async () => {
    const deadlineAt = (await environment.currentTimeMs()) + 3_000;
    const { calls } = await run(
      'runCall',
      { runCall: endless(), endJob: async () => undefined },
      { args: { ...start, deadlineAt } },
    );
    const [name, input] = calls.at(-1) ?? [];
    assert.equal(name, 'endJob');
    assert.equal((input as { outcome: string }).outcome, 'expired');
  });

  it('of an ingestion covers every part and every batch exactly once', async () => {
    const { calls, outcome } = await run('ingestDocument', {
      beginJob: async (input) => ({ ...input, run: 1 }),
      inspectDocument: async () => ({ parts: 21, partsPerStep: 8 }),
      extractParts: async () => undefined,
      splitDocument: async () => ({ batches: 9, batchesPerStep: 4 }),
      indexBatches: async () => undefined,
      publishDocument: async () => undefined,
    });
    assert.equal(outcome, 'completed');
    // Two run side by side, so their order is nobody's promise.
    const ranges = (wanted: string, rangeOf: (input: unknown) => unknown) =>
      calls
        .filter(([name]) => name === wanted)
        .map(([, input]) => rangeOf(input) as { from: number; to: number })
        .map(({ from, to }) => [from, to] as const)
        .toSorted(([one], [other]) => one - other);
    assert.deepEqual(
      ranges('extractParts', (input) => (input as { range: unknown }).range),
      [
        [1, 8],
        [9, 16],
        [17, 21],
      ],
    );
    assert.deepEqual(
      ranges('indexBatches', (input) => input),
      [
        [0, 3],
        [4, 7],
        [8, 8],
      ],
    );
    assert.equal(calls.at(-1)?.[0], 'publishDocument');
  });

  it('of an ingestion does nothing when the job has already ended', async () => {
    const { calls, outcome } = await run('ingestDocument', { beginJob: async () => null });
    assert.equal(outcome, 'completed');
    assert.deepEqual(
      calls.map(([name]) => name),
      ['beginJob'],
    );
  });
});
