import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { embedWith } from '../../src/activities/embed.ts';
import type { Vendor } from '../../src/adapters/providers/vendor.ts';
import { type ErrorCode, errorTable, GatewayError } from '../../src/core/errors.ts';
import type { ModelRouter } from '../../src/core/models.ts';
import { usageOf } from '../../src/core/usage.ts';
import { buildUserCall } from '../helpers/calls.ts';
import { createTestMeter } from '../helpers/metering.ts';
import { buildProvider, buildRouter } from '../helpers/models.ts';
import { createTestServe } from '../helpers/serving.ts';

async function recordOf(code: ErrorCode, changes: Partial<ModelRouter> = {}) {
  const { meter, records } = createTestMeter();
  const vendor: Vendor = {
    embed: () => Promise.reject(new GatewayError(code, 'No.')),
    close: () => Promise.resolve(),
  };
  const router = buildRouter({ providers: [buildProvider({ id: 9 })], ...changes });
  const request = { texts: ['four'], dimensions: null };
  const embedding = embedWith({ serve: createTestServe(() => vendor), meter }, router, request, buildUserCall());
  await assert.rejects(embedding, GatewayError);
  assert.equal(records.length, 1);
  return records[0];
}

describe('the record of an embedding that came to nothing', () => {
  it('names the provider that failed, and costs nothing', async () => {
    const record = await recordOf('upstream_rejected');
    assert.deepEqual([record?.provider?.id, record?.status], [9, errorTable.upstream_rejected.status]);
    assert.deepEqual(record?.usage, usageOf({}));
  });

  it('names the provider that was at it when it was given up, with an estimate of what that read', async () => {
    const record = await recordOf('client_closed_request');
    assert.equal(record?.provider?.id, 9);
    assert.deepEqual(record?.usage, usageOf({ promptTokens: 1, estimated: true }));
  });

  it('names nobody where nobody was asked', async () => {
    const record = await recordOf('upstream_error', { providers: [] });
    assert.equal(record?.provider, null);
  });
});
