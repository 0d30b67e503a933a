import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callsAtOnce, isPastHope } from '../../../src/core/webhooks/receiver-health.ts';

const disableAfterMs = 1_000;

function failing(consecutiveFailures: number, failingSince: number | null = 0) {
  return { consecutiveFailures, failingSince };
}

describe('an endpoint that fails', () => {
  it('is only probed after five failures in a row', () => {
    assert.equal(callsAtOnce(failing(4), 8), 8);
    assert.equal(callsAtOnce(failing(5), 8), 1);
    assert.equal(callsAtOnce(failing(0, null), 8), 8);
  });

  it('is past hope when nothing has arrived for as long as is bearable', () => {
    assert.ok(!isPastHope(failing(5), 999, disableAfterMs));
    assert.ok(isPastHope(failing(5), 1_000, disableAfterMs));
  });

  it('is not past hope for a single mishap long ago', () => {
    assert.ok(!isPastHope(failing(4), 1_000_000, disableAfterMs));
    assert.ok(!isPastHope(failing(5, null), 1_000_000, disableAfterMs));
  });
});
