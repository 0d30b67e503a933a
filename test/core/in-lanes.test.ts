import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { inLanes } from '../../src/core/in-lanes.ts';

const never = new AbortController().signal;

describe('lanes', () => {
  it('begin everything in order, never more than their number at once', async () => {
    const lanes = fc.integer({ min: 1, max: 5 });
    const items = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(lanes, items, async (limit, turns) => {
        const begun: number[] = [];
        let running = 0;
        await inLanes([...turns.keys()], limit, never, async (index) => {
          begun.push(index);
          running += 1;
          assert.ok(running <= limit);
          for (let i = 0; i < (turns[index] ?? 0); i += 1) await turn();
          running -= 1;
        });
        assert.equal(running, 0);
        assert.deepEqual(begun, [...turns.keys()]);
      }),
      { numRuns: 50 },
    );
  });

  it('begin nothing after a failure, wait for what was begun, and throw the failure', async () => {
    const begun: number[] = [];
    let ended = 0;
    const work = inLanes([0, 1, 2, 3, 4, 5], 3, never, async (item) => {
      begun.push(item);
      if (item === 1) throw new Error('no');
      await turn();
      ended += 1;
    });
    await assert.rejects(work, /no/);
    assert.deepEqual([begun, ended], [[0, 1, 2], 2]);
  });

  it('begin nothing once they are aborted, and throw the reason', async () => {
    const stopping = new AbortController();
    const begun: number[] = [];
    const work = inLanes([0, 1, 2, 3], 1, stopping.signal, async (item) => {
      begun.push(item);
      if (item === 1) stopping.abort(new Error('stopping'));
    });
    await assert.rejects(work, /stopping/);
    assert.deepEqual(begun, [0, 1]);
  });
});
