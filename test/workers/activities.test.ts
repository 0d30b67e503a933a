import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ApplicationFailure } from '@temporalio/common';
import { MockActivityEnvironment } from '@temporalio/testing';
import { type ErrorCode, GatewayError } from '../../src/core/errors.ts';
import { crashAllowance } from '../../src/core/queues.ts';
import type { Verbs } from '../../src/core/verbs.ts';
import { activitiesOf } from '../../src/workers/activities.ts';
import { silentLog } from '../helpers/log.ts';

const input = { jobId: 'job_1', ownerId: 7 };
const bounds = { maxAttempts: 5 };

/** One try of a step, as its `attempt`-th, `uncounted` of which ended because an engine was away. */
async function tryStep(attempt: number, uncounted: number, runCall: Verbs['runCall'], isStopped = false) {
  const environment = new MockActivityEnvironment({ attempt, heartbeatDetails: { uncounted, progress: null } });
  const beats: unknown[] = [];
  environment.on('heartbeat', (details) => beats.push(details));
  const { runCall: step } = activitiesOf('llm', { runCall } as Verbs, silentLog);
  assert.ok(step);
  const running = environment.run(step, input, bounds).then(
    () => null,
    (error: unknown) => error,
  );
  if (isStopped) environment.cancel('WORKER_SHUTDOWN');
  const failure = await running;
  assert.ok(failure === null || failure instanceof ApplicationFailure, String(failure));
  return { failure, lastBeat: beats.at(-1) };
}

const failing = (code: ErrorCode, retryAfterMs?: number) => async () => {
  throw new GatewayError(code, 'No.', { ...(retryAfterMs !== undefined && { retryAfterMs }) });
};

describe('a step of a workflow on a worker', () => {
  it('goes on after any number of outages, each of which it tells the next try', async () => {
    const { failure, lastBeat } = await tryStep(1_001, 1_000, failing('unavailable'));
    assert.equal(failure?.nonRetryable, false);
    assert.deepEqual(lastBeat, { uncounted: 1_001, progress: null });
  });

  it('leaves an engine that is away alone for longer each time, and never for more than 15 seconds', async () => {
    const delays: unknown[] = [];
    for (const outages of [0, 1, 2, 3, 400]) {
      const { failure } = await tryStep(outages + 1, outages, failing('unavailable', 5_000));
      delays.push(failure?.nextRetryDelay);
    }
    assert.deepEqual(delays, [5_000, 10_000, 15_000, 15_000, 15_000]);
  });

  it('may fail as often as its job allows, whatever outages it has met', async () => {
    const { failure: fourth } = await tryStep(44, 40, failing('upstream_error'));
    const { failure: fifth, lastBeat } = await tryStep(45, 40, failing('upstream_error'));
    assert.deepEqual([fourth?.nonRetryable, fifth?.nonRetryable], [false, true]);
    assert.equal(lastBeat, undefined);
  });

  it('is given up without being run once it was lost with too many workers', async () => {
    let runs = 0;
    const run = async () => {
      runs += 1;
    };
    const maxTries = bounds.maxAttempts * crashAllowance;
    assert.equal((await tryStep(maxTries + 3, 3, run)).failure, null);
    const { failure } = await tryStep(maxTries + 4, 3, run);
    assert.deepEqual([failure?.type, failure?.nonRetryable, runs], ['internal_error', true, 1]);
  });

  it('may fail as often as its job allows, however often its worker was asked to stop', async () => {
    const untilCancelled: Verbs['runCall'] = (_input, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const { failure, lastBeat } = await tryStep(5, 0, untilCancelled, true);
    assert.deepEqual([failure?.type, failure?.nonRetryable], ['unavailable', false]);
    assert.deepEqual(lastBeat, { uncounted: 1, progress: null });
  });

  it('tells its progress without forgetting its outages', async () => {
    const progress = { percent: 10, stage: 'lines', completed: 1, total: 10, message: null };
    const { lastBeat } = await tryStep(3, 2, async (_input, call) => call.progress(progress));
    assert.deepEqual(lastBeat, { uncounted: 2, progress });
  });
});
