import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createRerank } from '../../../src/activities/rerank.ts';
import type { Vendor } from '../../../src/adapters/providers/vendor.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { usageOf } from '../../../src/core/usage.ts';
import { buildUserCall } from '../../helpers/calls.ts';
import { useEngines } from '../../helpers/engines.ts';
import { openIdentity, type TestIdentity } from '../../helpers/identity.ts';
import { createTestMeter } from '../../helpers/metering.ts';
import { buildProvider, buildRouter } from '../../helpers/models.ts';
import { createTestServe } from '../../helpers/serving.ts';

describe('the record of a ranking that came to nothing', () => {
  let identity: TestIdentity;
  before(async () => {
    identity = await openIdentity(useEngines());
    const providers = [buildProvider({ id: 9, routerId: 5 })];
    await identity.routers.ensure(buildRouter({ id: 5, name: 'rank', type: 'text-classification', providers }));
  });
  after(() => identity.close());

  it('names the provider that was at it when it was given up, with an estimate of what that read', async () => {
    const { meter, records } = createTestMeter();
    const vendor: Vendor = {
      rerank: () => Promise.reject(new GatewayError('client_closed_request', 'Gone.')),
      close: () => Promise.resolve(),
    };
    const rerank = createRerank({ routers: identity.routers, serve: createTestServe(() => vendor), meter });
    const call = buildUserCall({ limits: [{ router: 5, type: 'rpm', value: null }] });
    const ranking = rerank({ model: 'rank', query: 'four', documents: ['four'], topN: null }, call);
    await assert.rejects(ranking, { code: 'client_closed_request' });
    assert.equal(records[0]?.provider?.id, 9);
    assert.deepEqual(records[0]?.usage, usageOf({ promptTokens: 2, estimated: true }));
  });
});
