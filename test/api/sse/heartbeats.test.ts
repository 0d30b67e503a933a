import assert from 'node:assert/strict';
import { describe, it, mock } from 'node:test';
import { createHeartbeats } from '../../../src/api/sse/heartbeats.ts';

const intervalMs = 1_000;
const maxSilenceMs = 2 * intervalMs;

describe('heartbeats', () => {
  /** How often each stream, opened at that time, has been called after `untilMs`. */
  function beatsOf(openedMs: readonly number[], untilMs: number): { counts: number[]; mostInOneTurn: number } {
    mock.timers.enable({ apis: ['setInterval'] });
    try {
      const heartbeats = createHeartbeats(maxSilenceMs);
      const counts = openedMs.map(() => 0);
      let inThisTurn = 0;
      let mostInOneTurn = 0;
      for (let now = 0; now < untilMs; now += 1) {
        for (const [index, at] of openedMs.entries()) {
          if (at !== now) continue;
          heartbeats.add(() => {
            counts[index] = (counts[index] ?? 0) + 1;
            inThisTurn += 1;
          });
        }
        inThisTurn = 0;
        mock.timers.tick(1);
        mostInOneTurn = Math.max(mostInOneTurn, inThisTurn);
      }
      return { counts, mostInOneTurn };
    } finally {
      mock.timers.reset();
    }
  }

  it('come twice in every silence that is allowed, whenever a stream was opened', () => {
    assert.deepEqual(beatsOf([0, 50, 333, 999], 5_000).counts, [5, 5, 4, 4]);
  });

  it('do not come to all streams in one turn', () => {
    const openedMs = Array.from({ length: 100 }, (_, index) => index * 10);
    assert.equal(beatsOf(openedMs, 3_000).mostInOneTurn, 10);
  });

  it('end for a stream that is closed, and begin again for the next', () => {
    mock.timers.enable({ apis: ['setInterval'] });
    try {
      const heartbeats = createHeartbeats(maxSilenceMs);
      const heard: string[] = [];
      const closeFirst = heartbeats.add(() => heard.push('first'));
      closeFirst();
      closeFirst();
      heartbeats.add(() => heard.push('second'));
      mock.timers.tick(intervalMs);
      assert.deepEqual(heard, ['second']);
    } finally {
      mock.timers.reset();
    }
  });
});
