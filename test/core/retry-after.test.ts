import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readRetryAfter } from '../../src/core/retry-after.ts';

const now = Date.parse('Fri, 21 Nov 2025 10:00:00 GMT');

describe('Retry-After', () => {
  it('is read in seconds', () => {
    assert.deepEqual(readRetryAfter(' 120 ', now), { delayMs: 120_000, isDate: false });
    assert.deepEqual(readRetryAfter('0', now), { delayMs: 0, isDate: false });
  });

  it('is read as a date, which may be over', () => {
    const later = new Date(now + 90_000).toUTCString();
    assert.deepEqual(readRetryAfter(later, now), { delayMs: 90_000, isDate: true });
    assert.deepEqual(readRetryAfter(new Date(now - 1_000).toUTCString(), now), { delayMs: 0, isDate: true });
  });

  it('is nothing where it is garbage', () => {
    for (const header of ['', '-5', 'soon', '12 minutes', '2025-11-21', 'Friday']) {
      assert.equal(readRetryAfter(header, now), null, header);
    }
  });
});
