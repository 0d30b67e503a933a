import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { patiently, TurnedAway } from '../../../src/activities/batches/patiently.ts';
import { type ErrorCode, GatewayError } from '../../../src/core/errors.ts';

const maxTries = 3;

const unreachable = () =>
  new GatewayError('upstream_error', 'unreachable', {
    cause: Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
  });

/** A call that fails so often before it is answered, made with patience; what came of it, and the pauses in between. */
async function ask(failures: number, error: () => Error, random = 0, patience = { isOver: false }) {
  const { signal } = new AbortController();
  const rests: number[] = [];
  let asked = 0;
  async function call(): Promise<string> {
    asked += 1;
    if (asked <= failures) throw error();
    return 'answer';
  }
  const rest = async (ms: number) => void rests.push(ms);
  const heard = await patiently(call, { maxTries, patience, signal }, rest, () => random).catch(
    (thrown: unknown) => thrown,
  );
  return { heard, asked, rests };
}

const errorOf = (code: ErrorCode, retryAfterMs?: number) => () =>
  new GatewayError(code, code, retryAfterMs === undefined ? {} : { retryAfterMs });

describe('a call of a batch', () => {
  for (const [name, error] of [
    ['asks to be left alone', errorOf('rate_limit_exceeded')],
    ['is full, or failing', errorOf('overloaded')],
    ['cannot be reached', unreachable],
  ] as const) {
    it(`waits a little while its provider ${name}, and is turned away then`, async () => {
      assert.equal((await ask(4, error)).heard, 'answer');
      const { heard, rests } = await ask(5, error);
      assert.ok(heard instanceof TurnedAway);
      assert.equal(heard.refusal.message, error().message);
      assert.deepEqual(rests, [1_000, 2_000, 4_000, 8_000]);
    });
  }

  for (const code of ['upstream_error', 'upstream_timeout', 'internal_error'] as const) {
    it(`that fails with ${code} is made as often as its job allows, and not once more`, async () => {
      assert.equal((await ask(maxTries - 1, errorOf(code))).heard, 'answer');
      const { heard, asked } = await ask(maxTries, errorOf(code));
      assert.ok(heard instanceof GatewayError);
      assert.deepEqual([heard.code, asked], [code, maxTries]);
    });
  }

  for (const code of ['upstream_rejected', 'model_not_found', 'upstream_auth_error', 'unavailable'] as const) {
    it(`is made once when it fails with ${code}`, async () => {
      const { heard, asked } = await ask(1, errorOf(code));
      assert.ok(heard instanceof GatewayError);
      assert.deepEqual([heard.code, asked], [code, 1]);
    });
  }

  it('rests longer each time, and less by chance', async () => {
    const growing = [1_000, 2_000, 4_000, 8_000];
    assert.deepEqual((await ask(4, errorOf('overloaded'))).rests, growing);
    const halved = growing.map((ms) => ms / 2);
    assert.deepEqual((await ask(4, errorOf('overloaded'), 1)).rests, halved);
  });

  it('rests for at least as long as it was told to', async () => {
    assert.deepEqual((await ask(1, errorOf('rate_limit_exceeded', 15_000))).rests, [15_000]);
    assert.deepEqual((await ask(1, errorOf('rate_limit_exceeded', 10))).rests, [1_000]);
  });

  it('does not rest where it was told to stay away for long', async () => {
    const { heard, rests } = await ask(1, errorOf('rate_limit_exceeded', 15_001));
    assert.ok(heard instanceof TurnedAway);
    assert.deepEqual([heard.refusal.retryAfterMs, rests], [15_001, []]);
  });

  it('is turned away by a provider that fails and wants to be left alone for long, and rests otherwise', async () => {
    const { heard, rests } = await ask(1, errorOf('upstream_error', 15_001));
    assert.ok(heard instanceof TurnedAway);
    assert.deepEqual(rests, []);
    assert.deepEqual((await ask(1, errorOf('upstream_error', 15_000))).rests, [15_000]);
  });

  it('does not wait any more when another has waited in vain', async () => {
    const patience = { isOver: false };
    await ask(5, errorOf('overloaded'), 0, patience);
    const { heard, asked } = await ask(1, errorOf('overloaded'), 0, patience);
    assert.ok(heard instanceof TurnedAway);
    assert.equal(asked, 1);
    assert.equal((await ask(1, errorOf('upstream_error'), 0, patience)).heard, 'answer');
  });

  it('is given up in the middle of a rest when its job ends', async () => {
    const ending = new AbortController();
    const turnedAway = () => Promise.reject(errorOf('overloaded', 15_000)());
    const asking = patiently(turnedAway, { maxTries, patience: { isOver: false }, signal: ending.signal });
    setImmediate(() => ending.abort());
    await assert.rejects(asking, { name: 'AbortError' });
  });
});
