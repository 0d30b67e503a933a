import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, it } from 'node:test';
import { createLocalVendor } from '../../../src/adapters/providers/local/index.ts';
import type { Vendor } from '../../../src/adapters/providers/vendor.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { useEngines } from '../../helpers/engines.ts';
import { localTarget } from '../../helpers/models.ts';
import { childrenRunning, cpuTicks, isRunning } from '../../helpers/processes.ts';
import { waitFor } from '../../helpers/wait-for.ts';

const modelName = 'all-MiniLM-L6-v2';
const never = new AbortController().signal;
/** Hundreds of batches: work that is under way for as long as a test needs it. */
const longWork = Array.from({ length: 2_000 }, (_, index) => `sentence ${index} `.repeat(60));

const encoders = () => childrenRunning('encoder-process');

function hasCode(code: string) {
  return (error: unknown) => error instanceof GatewayError && error.code === code;
}

describe('process of the local model', () => {
  const { modelsDir } = useEngines();
  let vendor: Vendor | undefined;

  function open(changes: { modelsDir?: string; idleTimeoutMs?: number } = {}) {
    vendor = createLocalVendor({ modelsDir, threads: 1, idleTimeoutMs: 60_000, ...changes });
    const { embed } = vendor;
    assert.ok(embed);
    return (texts: readonly string[], signal = never) =>
      embed({ target: localTarget(modelName), texts, dimensions: null, signal });
  }
  afterEach(() => vendor?.close());

  it('is there from the first call on, one for all calls', async () => {
    const embed = open();
    assert.deepEqual(encoders(), []);
    await Promise.all([embed(['a']), embed(['b']), embed(['c'])]);
    assert.equal(encoders().length, 1);
  });

  it('answers a short call while a long one is under way', async () => {
    const embed = open();
    const controller = new AbortController();
    const long = assert.rejects(embed(longWork, controller.signal));
    const { vectors } = await embed(['short']);
    assert.equal(vectors.length, 1);
    controller.abort();
    await long;
  });

  it('stops working for a caller who is gone', async () => {
    const embed = open();
    const controller = new AbortController();
    await embed(['warm']);
    const cancelled = assert.rejects(embed(longWork, controller.signal), hasCode('client_closed_request'));
    await embed(['in between']);
    controller.abort();
    await cancelled;
    const [pid = 0] = encoders();
    let ticks = cpuTicks(pid);
    let quietPolls = 0;
    // A batch at a time takes all of a core: half a second without a tick is rest.
    await waitFor('the model process to rest', () => {
      quietPolls = cpuTicks(pid) === ticks ? quietPolls + 1 : 0;
      ticks = cpuTicks(pid);
      return quietPolls >= 20;
    });
  });

  it('refuses a caller who is gone already', async () => {
    const embed = open();
    await assert.rejects(embed(['a'], AbortSignal.abort()), hasCode('client_closed_request'));
    assert.deepEqual(encoders(), []);
  });

  it('fails the calls under way when it is killed, and is back for the next', async () => {
    const embed = open();
    await embed(['warm']);
    const waiting = [embed(longWork), embed(longWork)].map((call) =>
      assert.rejects(call, (error) => hasCode('upstream_error')(error) && (error as GatewayError).retryable),
    );
    const [pid = 0] = encoders();
    process.kill(pid, 'SIGKILL');
    await Promise.all(waiting);
    assert.equal((await embed(['again'])).vectors.length, 1);
    assert.notDeepEqual(encoders(), [pid]);
  });

  it('ends after its idle time and starts again when needed', async () => {
    const embed = open({ idleTimeoutMs: 50 });
    await embed(['a']);
    await waitFor('the idle process to end', () => encoders().length === 0);
    assert.equal((await embed(['b'])).vectors.length, 1);
  });

  it('ends with its parent, even when that is killed in the middle of a call', async () => {
    const parent = fork(new URL('./embedding-parent.ts', import.meta.url), [modelsDir], { execArgv: [] });
    const [pid] = (await once(parent, 'message')) as [number];
    assert.ok(isRunning(pid));
    parent.kill('SIGKILL');
    await waitFor('the orphan to end', () => !isRunning(pid));
  });

  it('is not started for a model that is not installed', async () => {
    const embed = open({ modelsDir: '/nonexistent' });
    await assert.rejects(embed(['a']), (error) => {
      assert.ok(hasCode('upstream_error')(error) && error instanceof GatewayError);
      assert.match(error.publicMessage, /all-MiniLM-L6-v2 is not installed.*npm run engines/);
      assert.ok(!error.publicMessage.includes('/nonexistent'));
      return true;
    });
    assert.deepEqual(encoders(), []);
  });

  it('takes more work than it can do soon from nobody', async () => {
    const embed = open();
    const controller = new AbortController();
    const accepted = Array.from({ length: 8 }, () => assert.rejects(embed(longWork, controller.signal)));
    await assert.rejects(embed(longWork, controller.signal), hasCode('overloaded'));
    controller.abort();
    await Promise.all(accepted);
  });
});
