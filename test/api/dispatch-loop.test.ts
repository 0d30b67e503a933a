import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startDispatchLoop } from '../../src/api/dispatch-loop.ts';
import type { Verbs } from '../../src/core/verbs.ts';

const second = 1_000;

/** The loop on a clock that the test moves. */
function start(
  context: TestContext,
  dispatchJobs: Verbs['dispatchJobs'],
  dispatchDeliveries: Verbs['dispatchDeliveries'] = async () => ({ started: 0 }),
) {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const warnings: object[] = [];
  const ignore = () => undefined;
  const log = { debug: ignore, info: ignore, error: ignore, warn: (fields: object) => void warnings.push(fields) };
  const loop = startDispatchLoop({ dispatchJobs, dispatchDeliveries }, { sweepIntervalMs: 2 * second }, log);
  return {
    loop,
    warnings,
    async pass(ms: number) {
      context.mock.timers.tick(ms);
      // Lets a sweep that has begun end, and the next one be planned.
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

test('jobs are dispatched once per interval, as the system', async (t) => {
  const calls: [olderThanMs: number, kind: string][] = [];
  const { pass, loop } = start(t, async ({ olderThanMs }, { principal }) => {
    calls.push([olderThanMs, principal.kind]);
    return { started: 0 };
  });
  await pass(1_999);
  assert.equal(calls.length, 0);
  await pass(1);
  await pass(2 * second);
  assert.deepEqual(calls, [
    [2 * second, 'system'],
    [2 * second, 'system'],
  ]);
  await loop.stop();
});

test('after failures it asks less and less often, and at once as before when it works again', async (t) => {
  let works = false;
  const attempts: number[] = [];
  let now = 0;
  const { pass, loop, warnings } = start(t, async () => {
    attempts.push(now / second);
    if (!works) throw new Error('The engine is away.');
    return { started: 0 };
  });
  for (; now < 30 * second; now += second) await pass(second);
  assert.deepEqual(attempts, [1, 5, 10, 15, 20, 25]);
  assert.equal(warnings.length, 6);
  works = true;
  attempts.length = 0;
  for (; now < 40 * second; now += second) await pass(second);
  assert.deepEqual(attempts, [30, 32, 34, 36, 38]);
  await loop.stop();
});

test('a sweep that is under way is waited for, and none follows it', async (t) => {
  const release = Promise.withResolvers<void>();
  let sweeps = 0;
  const { pass, loop } = start(t, async (_input, { signal }) => {
    sweeps += 1;
    await release.promise;
    assert.ok(signal.aborted);
    return { started: 0 };
  });
  await pass(2 * second);
  const stopped = loop.stop();
  release.resolve();
  await stopped;
  await pass(60 * second);
  assert.equal(sweeps, 1);
});

test('webhooks are dispatched after the jobs', async (t) => {
  const calls: string[] = [];
  const called = (name: string) => async () => {
    calls.push(name);
    return { started: 0 };
  };
  const { pass, loop } = start(t, called('jobs'), called('deliveries'));
  await pass(2 * second);
  assert.deepEqual(calls, ['jobs', 'deliveries']);
  await loop.stop();
});
