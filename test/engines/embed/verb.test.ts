import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createEmbed, createEmbedAdmission } from '../../../src/activities/embed.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import { usageOf } from '../../../src/core/usage.ts';
import type { InferenceVerbs } from '../../../src/core/verbs.ts';
import { buildCall, buildUserCall } from '../../helpers/calls.ts';
import { useEngines } from '../../helpers/engines.ts';
import { openIdentity, type TestIdentity } from '../../helpers/identity.ts';
import { createTestMeter } from '../../helpers/metering.ts';
import { buildRouter } from '../../helpers/models.ts';
import { createTestServe } from '../../helpers/serving.ts';
import { createWordVectors } from '../../helpers/word-vectors.ts';

const request = { model: 'all-minilm-l6-v2', texts: ['one text'], dimensions: null };

function refuses(code: string, message: RegExp, param: string | null = 'model') {
  return (error: unknown) =>
    error instanceof GatewayError && error.code === code && error.param === param && message.test(error.publicMessage);
}

describe('the verb embed', () => {
  let identity: TestIdentity;
  let embed: InferenceVerbs['embed'];
  const words = createWordVectors();

  before(async () => {
    identity = await openIdentity(useEngines());
    await identity.routers.ensure(buildRouter({ id: 2, name: 'chat-model', type: 'text-generation' }));
    await identity.routers.ensure(buildRouter({ id: 3, name: 'deserted' }));
    const serve = createTestServe(() => words);
    embed = createEmbed({ routers: identity.routers, serve, meter: createTestMeter().meter });
  });
  after(() => identity.close());

  it('answers under the name and the request id of the caller', async () => {
    const model = 'sentence-transformers/all-MiniLM-L6-v2';
    const result = await embed({ ...request, model }, buildUserCall({}, { requestId: 'req_5' }));
    assert.deepEqual([result.model, result.id, result.vectors.length], [model, 'req_5', 1]);
    assert.deepEqual(result.usage, usageOf({ promptTokens: 2 }));
  });

  it('knows no model that the role does not list', async () => {
    const missing = refuses('model_not_found', /^Model not found\.$/);
    await assert.rejects(embed(request, buildUserCall({ limits: [] })), missing);
    await assert.rejects(embed({ ...request, model: 'unheard-of' }, buildUserCall()), missing);
    await assert.rejects(embed(request, buildCall()), missing);
  });

  it('refuses a model that the role has closed', async () => {
    const limits = [{ router: 1, type: 'tpd' as const, value: 0 }];
    await assert.rejects(
      embed(request, buildUserCall({ limits })),
      refuses('permission_denied', /^Insufficient permissions to access the model\.$/),
    );
  });

  it('refuses a model of another type, and one that nobody serves', async () => {
    const limits = [2, 3].map((router) => ({ router, type: 'rpm' as const, value: null }));
    const call = buildUserCall({ limits });
    await assert.rejects(
      embed({ ...request, model: 'chat-model' }, call),
      refuses('invalid_request', /^Wrong model type\.$/),
    );
    await assert.rejects(embed({ ...request, model: 'deserted' }, call), refuses('model_not_found', /not found/));
  });

  it('refuses more dimensions than the model has, and says how many', async () => {
    await assert.rejects(
      embed({ ...request, dimensions: 385 }, buildUserCall()),
      refuses('invalid_request', /at most 384 dimensions.*got 385/, 'dimensions'),
    );
  });

  it('is refused as a job for the same reasons', async () => {
    const { admit } = createEmbedAdmission(identity);
    assert.equal(await admit(request, buildUserCall(), null), null);
    await assert.rejects(admit(request, buildUserCall({ limits: [] }), null), refuses('model_not_found', /not found/));
    await assert.rejects(
      admit({ ...request, dimensions: 385 }, buildUserCall(), null),
      refuses('invalid_request', /384/, 'dimensions'),
    );
  });
});
