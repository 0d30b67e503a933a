import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ProductProcess } from '../../engines/product.ts';
import { supervise } from '../../engines/supervise.ts';
import { waitFor } from '../helpers/wait-for.ts';

type Ending = Awaited<ProductProcess['ended']>;

/** A process whose end the test decides. */
function createProcess() {
  const ended = Promise.withResolvers<Ending>();
  const product = { role: 'worker', ended: ended.promise } as ProductProcess;
  return { product, end: (ending: Ending) => ended.resolve(ending) };
}

function setUp() {
  const processes = [createProcess()];
  const said: string[] = [];
  const stopping = new AbortController();
  const first = processes[0] ?? assert.fail('there is a first process');
  const current = supervise(first.product, {
    start: () => {
      const next = createProcess();
      processes.push(next);
      return next.product;
    },
    say: (text) => said.push(text),
    signal: stopping.signal,
    firstDelayMs: 1,
    maxDelayMs: 4,
    steadyMs: 60_000,
  });
  return { processes, said, stopping, current };
}

describe('a supervised process', () => {
  it('is started again when it ends by itself, and the new one is the current one', async () => {
    const { processes, said, stopping, current } = setUp();
    processes[0]?.end({ code: 1, signal: null });
    await waitFor('the second process', () => processes.length === 2);
    assert.equal(current(), processes[1]?.product);
    assert.deepEqual(said, ['The worker process exited with 1; starting it again in 0.001 s']);
    stopping.abort();
  });

  it('is started later each time it fails at once, up to a limit', async () => {
    const { processes, said, stopping } = setUp();
    for (let count = 1; count <= 4; count += 1) {
      processes[count - 1]?.end({ code: null, signal: 'SIGKILL' });
      await waitFor(`process ${count + 1}`, () => processes.length === count + 1);
    }
    assert.deepEqual(
      said.map((line) => / (\S+) s$/.exec(line)?.[1]),
      ['0.001', '0.002', '0.004', '0.004'],
    );
    stopping.abort();
  });

  it('is not started again once everything ends', async () => {
    const { processes, said, stopping } = setUp();
    stopping.abort();
    processes[0]?.end({ code: 0, signal: null });
    await processes[0]?.product.ended;
    await new Promise(setImmediate);
    assert.equal(processes.length, 1);
    assert.deepEqual(said, []);
  });
});
