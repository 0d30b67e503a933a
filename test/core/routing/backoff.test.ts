import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { backoffMs } from '../../../src/core/routing/backoff.ts';

describe('backoff', () => {
  for (const [failures, longest] of [
    [1, 500],
    [2, 1_000],
    [3, 2_000],
    [5, 8_000],
    [50, 8_000],
  ] as const) {
    it(`is anything from 0 to ${longest} ms after ${failures} failures`, () => {
      assert.deepEqual([backoffMs(failures, 0), backoffMs(failures, 1)], [0, longest]);
    });
  }
});
