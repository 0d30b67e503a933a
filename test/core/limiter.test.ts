import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { createLimiter } from '../../src/core/limiter.ts';

describe('limiter', () => {
  it('never runs more than its limit, runs everything, and starts in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 20 }),
        async (limit, turns) => {
          const limited = createLimiter(limit);
          const started: number[] = [];
          let running = 0;
          let highest = 0;
          await Promise.all(
            turns.map((count, index) =>
              limited(async () => {
                started.push(index);
                running += 1;
                highest = Math.max(highest, running);
                for (let i = 0; i < count; i += 1) await turn();
                running -= 1;
              }),
            ),
          );
          assert.ok(highest <= limit);
          assert.deepEqual(started, [...turns.keys()]);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('goes on after a task that fails', async () => {
    const limited = createLimiter(1);
    await assert.rejects(
      limited(() => Promise.reject(new Error('no'))),
      /no/,
    );
    assert.equal(await limited(async () => 'yes'), 'yes');
  });
});
