import assert from 'node:assert/strict';
import { it } from 'node:test';
import { statusAt } from '../../src/core/upload.ts';

it('a pending upload has expired from its time on, and not before', () => {
  const upload = { status: 'pending', expiresAt: 1_000 } as const;
  assert.equal(statusAt(upload, 999), 'pending');
  assert.equal(statusAt(upload, 1_000), 'expired');
});

it('an upload that has ended does not expire', () => {
  assert.equal(statusAt({ status: 'completed', expiresAt: 1_000 }, 2_000), 'completed');
  assert.equal(statusAt({ status: 'cancelled', expiresAt: 1_000 }, 2_000), 'cancelled');
});
