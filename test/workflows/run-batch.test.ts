import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ApplicationFailure, CancelledFailure } from '@temporalio/client';
import { crashAllowance } from '../../src/core/queues.ts';
import type { Steps } from '../../src/workflows/steps.ts';
import { endless, jobStart, openWorkflowRuns, type WorkflowRuns } from '../helpers/workflow-runs.ts';

const { jobId, ownerId, maxAttempts } = jobStart;
const begun = { jobId, ownerId, run: 1 };
const cancelled = { jobId, ownerId, outcome: 'cancelled', error: null };

function stepsOf(shards: number, changes: Partial<Steps> = {}): Partial<Steps> {
  return {
    beginJob: async (input) => ({ ...input, run: 1 }),
    inspectBatch: async () => ({ shards }),
    runShard: async () => ({ againAfterMs: null }),
    finishBatch: async () => undefined,
    closeBatch: async () => undefined,
    endJob: async () => undefined,
    ...changes,
  };
}

describe("a batch's workflow", () => {
  let runs: WorkflowRuns;
  before(async () => {
    runs = await openWorkflowRuns();
  });
  after(() => runs?.close());

  /** The steps of a batch that is cancelled while its lines are called. */
  function cancelledRun(closeBatch: Steps['closeBatch']) {
    const calling = Promise.withResolvers<void>();
    const steps = stepsOf(1, { runShard: endless(calling.resolve), closeBatch });
    return runs.run('runBatch', steps, { cancelWhen: calling.promise });
  }

  it('ends as cancelled when it is cancelled and the worker of its step is lost over that', async () => {
    const calling = Promise.withResolvers<void>();
    const { calls, outcome } = await runs.run(
      'runBatch',
      stepsOf(1, {
        runShard: async () => {
          await endless(calling.resolve)().catch(() => undefined);
          throw ApplicationFailure.nonRetryable('as a lost worker looks to the workflow');
        },
      }),
      { cancelWhen: calling.promise },
    );
    assert.ok(outcome instanceof CancelledFailure, String(outcome));
    assert.deepEqual(calls.at(-1), ['endJob', cancelled]);
  });

  it('inspects, sees to every shard once and finishes', async () => {
    const { calls, outcome, isContinued } = await runs.run('runBatch', stepsOf(6));
    assert.deepEqual([outcome, isContinued], ['completed', false]);
    assert.deepEqual(calls.slice(0, 2), [
      ['beginJob', { jobId, ownerId }],
      ['inspectBatch', begun],
    ]);
    // Four run side by side, so their order is nobody's promise.
    const shards = calls.slice(2, -1).map(([name, input]) => [name, (input as { shard: number }).shard] as const);
    assert.deepEqual(
      shards.toSorted(([, one], [, other]) => one - other),
      [0, 1, 2, 3, 4, 5].map((shard) => ['runShard', shard]),
    );
    assert.deepEqual(calls.at(-1), ['finishBatch', begun]);
  });

  it('continues as new when it has more shards than one history holds, and begins once', async () => {
    const { calls, outcome, isContinued } = await runs.run('runBatch', stepsOf(251));
    assert.deepEqual([outcome, isContinued], ['completed', true]);
    const names = calls.map(([name]) => name);
    assert.deepEqual(names.slice(0, 2), ['beginJob', 'inspectBatch']);
    assert.deepEqual(names.slice(2), [...Array.from({ length: 251 }, () => 'runShard'), 'finishBatch']);
    const shards = new Set(calls.slice(2, -1).map(([, input]) => (input as { shard: number }).shard));
    assert.equal(shards.size, 251);
  });

  it('runs a shard whose lines were turned away again when the others have had their turn', async () => {
    const turnedAway = new Map([
      [0, 2],
      [1, 1],
    ]);
    const { calls, outcome } = await runs.run(
      'runBatch',
      stepsOf(6, {
        runShard: async ({ shard }) => {
          const left = turnedAway.get(shard) ?? 0;
          turnedAway.set(shard, left - 1);
          return { againAfterMs: left > 0 ? 15_000 : null };
        },
      }),
    );
    assert.equal(outcome, 'completed');
    const ran = calls.slice(2, -1).map(([, input]) => input as { shard: number; isAgain: boolean });
    assert.deepEqual(
      ran.map(({ isAgain }) => isAgain),
      [...Array.from({ length: 6 }, () => false), true, true, true],
    );
    const shards = ran.map(({ shard }) => shard);
    assert.deepEqual(
      shards.slice(0, 6).toSorted((one, other) => one - other),
      [0, 1, 2, 3, 4, 5],
    );
    assert.deepEqual(
      shards.slice(6, 8).toSorted((one, other) => one - other),
      [0, 1],
    );
    assert.deepEqual(shards.slice(8), [0]);
    assert.deepEqual(calls.at(-1), ['finishBatch', begun]);
  });

  it('continues as new when shards have waited often enough to fill a history', async () => {
    let left = 251;
    const { calls, outcome, isContinued } = await runs.run(
      'runBatch',
      stepsOf(1, {
        runShard: async () => {
          left -= 1;
          return { againAfterMs: left > 0 ? 0 : null };
        },
      }),
    );
    assert.deepEqual([outcome, isContinued], ['completed', true]);
    assert.equal(calls.filter(([name]) => name === 'runShard').length, 251);
    assert.equal(calls.filter(([name]) => name === 'beginJob').length, 1);
  });

  it('is closed when there is nothing to begin: it was cancelled, or has ended', async () => {
    const { calls } = await runs.run('runBatch', stepsOf(1, { beginJob: async () => null }));
    assert.deepEqual(calls, [
      ['beginJob', { jobId, ownerId }],
      ['closeBatch', cancelled],
    ]);
  });

  it('closes when it is cancelled, then ends the job', async () => {
    const { calls, outcome } = await cancelledRun(async () => undefined);
    assert.ok(outcome instanceof CancelledFailure, String(outcome));
    assert.deepEqual(calls.slice(-2), [
      ['closeBatch', cancelled],
      ['endJob', cancelled],
    ]);
  });

  for (const name of ['inspectBatch', 'finishBatch'] as const) {
    it(`that is cancelled in ${name} is closed when that has let go`, async () => {
      const told: string[] = [];
      const begun = Promise.withResolvers<void>();
      const step = endless(begun.resolve);
      const steps = stepsOf(1, {
        [name]: () => step().finally(() => told.push(name)),
        closeBatch: async () => void told.push('closeBatch'),
      });
      await runs.run('runBatch', steps, { cancelWhen: begun.promise });
      assert.deepEqual(told, [name, 'closeBatch']);
    });
  }

  it('is closed for as long as stores are away, more often than its steps may fail', async () => {
    let tries = 0;
    const { calls } = await cancelledRun(async () => {
      tries += 1;
      if (tries <= maxAttempts * crashAllowance) throw ApplicationFailure.retryable('no store', 'unavailable');
    });
    assert.equal(tries, maxAttempts * crashAllowance + 1);
    assert.equal(calls.at(-1)?.[0], 'endJob');
  });

  it('that cannot be closed says so, and the job ends', async () => {
    const { calls } = await cancelledRun(async () => {
      throw ApplicationFailure.nonRetryable('the files are not to be written', 'internal_error');
    });
    assert.deepEqual(calls.at(-1), ['endJob', cancelled]);
    const told = runs.logged.map(({ meta }) => [meta?.['jobId'], meta?.['cause']]);
    assert.ok(
      told.some(([id, cause]) => id === jobId && cause === 'the files are not to be written'),
      JSON.stringify(told),
    );
  });

  it('is closed by another workflow when it is no more, then the job ends', async () => {
    const ending = { ...cancelled, outcome: 'expired' } as const;
    const { calls, outcome } = await runs.run('closeBatch', stepsOf(1), { args: ending });
    assert.equal(outcome, 'completed');
    assert.deepEqual(calls, [
      ['closeBatch', ending],
      ['endJob', ending],
    ]);
  });
});
