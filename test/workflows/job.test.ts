import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ApplicationFailure, CancelledFailure } from '@temporalio/client';
import { GatewayError } from '../../src/core/errors.ts';
import type { JobEnding } from '../../src/core/job.ts';
import { crashAllowance, type StepBounds } from '../../src/core/queues.ts';
import type { Verbs } from '../../src/core/verbs.ts';
import { activitiesOf } from '../../src/workers/activities.ts';
import type { Steps } from '../../src/workflows/steps.ts';
import { silentLog } from '../helpers/log.ts';
import { endless, jobStart, openWorkflowRuns, type WorkflowRuns } from '../helpers/workflow-runs.ts';

const { jobId, ownerId } = jobStart;
const ref = { jobId, ownerId };

describe("a job's workflow", () => {
  let runs: WorkflowRuns;
  before(async () => {
    runs = await openWorkflowRuns();
  });
  after(() => runs?.close());

  it('is one step when all goes well', async () => {
    const { calls, outcome } = await runs.run('runCall', { runCall: async () => undefined });
    assert.equal(outcome, 'completed');
    assert.deepEqual(calls, [['runCall', ref]]);
  });

  it('stores the error of a step that gives up, as the worker put it', async () => {
    const stored = { code: 'model_not_found', message: 'Model not found.', param: 'model', retryable: false };
    const { calls, outcome } = await runs.run('runCall', {
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
    const { outcome } = await runs.run('runCall', {
      runCall: async () => {
        tries += 1;
        if (tries <= jobStart.maxAttempts + 1) throw ApplicationFailure.retryable('worker lost', 'unavailable');
      },
    });
    assert.equal(outcome, 'completed');
  });

  it('outlives more outages than any number of tries it has, and may then fail as if there had been none', async () => {
    const outages = jobStart.maxAttempts * crashAllowance + 1;
    let tries = 0;
    const { runCall } = activitiesOf(
      'llm',
      {
        async runCall() {
          tries += 1;
          throw new GatewayError(tries <= outages ? 'unavailable' : 'upstream_error', 'No.', { retryAfterMs: 1 });
        },
      } as Partial<Verbs> as Verbs,
      silentLog,
    );
    const { calls } = await runs.run('runCall', {
      runCall: runCall as Steps['runCall'],
      endJob: async () => undefined,
    });
    assert.equal(tries, outages + jobStart.maxAttempts);
    const [name, ending] = calls.at(-1) ?? [];
    assert.deepEqual([name, (ending as JobEnding).error?.code], ['endJob', 'upstream_error']);
  });

  it('gives a step up that no worker survives', async () => {
    const { runCall } = activitiesOf('llm', {} as Verbs, silentLog);
    let tries = 0;
    const { calls } = await runs.run('runCall', {
      runCall: async (...args: unknown[]) => {
        tries += 1;
        // As the loss of a worker looks to the next: a try that said nothing.
        if (tries <= jobStart.maxAttempts * crashAllowance) throw ApplicationFailure.retryable('worker lost');
        await runCall?.(args[0], args[1] as StepBounds);
      },
      endJob: async () => undefined,
    });
    assert.equal(tries, jobStart.maxAttempts * crashAllowance + 1);
    const [name, ending] = calls.at(-1) ?? [];
    assert.deepEqual([name, (ending as JobEnding).error?.code], ['endJob', 'internal_error']);
  });

  it('ends the job as cancelled when it is cancelled', async () => {
    const begun = Promise.withResolvers<void>();
    const { calls, outcome } = await runs.run(
      'runCall',
      { runCall: endless(begun.resolve), endJob: async () => undefined },
      { cancelWhen: begun.promise },
    );
    assert.ok(outcome instanceof CancelledFailure, String(outcome));
    assert.deepEqual(calls.at(-1), ['endJob', { ...ref, outcome: 'cancelled', error: null }]);
  });

  it('ends the job as expired when its deadline passes', async () => {
    const deadlineAt = (await runs.now()) + 3_000;
    const { calls } = await runs.run(
      'runCall',
      { runCall: endless(), endJob: async () => undefined },
      { args: { ...jobStart, deadlineAt } },
    );
    const [name, input] = calls.at(-1) ?? [];
    assert.equal(name, 'endJob');
    assert.equal((input as { outcome: string }).outcome, 'expired');
  });

  it('of an ingestion covers every part and every batch exactly once', async () => {
    const { calls, outcome } = await runs.run('ingestDocument', {
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
    const { calls, outcome } = await runs.run('ingestDocument', { beginJob: async () => null });
    assert.equal(outcome, 'completed');
    assert.deepEqual(
      calls.map(([name]) => name),
      ['beginJob'],
    );
  });
});
