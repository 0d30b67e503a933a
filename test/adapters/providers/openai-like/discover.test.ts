import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Target } from '../../../../src/adapters/providers/vendor.ts';
import { GatewayError } from '../../../../src/core/errors.ts';
import type { ModelType, VendorName } from '../../../../src/core/models.ts';
import { given, patience, useVendor } from '../../../conformance/provider/setup.ts';
import { jsonAnswer, refusingUrl } from '../../../helpers/fake-upstream.ts';
import { embeddings, models } from '../../../helpers/wire/openai.ts';

const isUpstreamError = (error: unknown) => error instanceof GatewayError && error.code === 'upstream_error';

function suite(name: VendorName, contextField: string) {
  describe(`what a deployment of ${name} says of itself`, () => {
    const { vendor, upstream, targetOf } = useVendor(name);

    function discover(type: ModelType, changes: Partial<Target> = {}) {
      assert.ok(vendor.discover);
      return vendor.discover({ type, target: { ...targetOf('m/one'), ...changes }, signal: patience() });
    }

    it('is the length of its context', async () => {
      upstream().next(models(['other', 'm/one'], { [contextField]: 4096 }));
      assert.deepEqual(await discover('text-generation'), { maxContextLength: 4096, vectorSize: null });
      assert.equal(upstream().ledger[0]?.path, '/v1/models');
    });

    it('may be nothing', async () => {
      upstream().next(models(['m/one']));
      assert.deepEqual(await discover('text-generation'), { maxContextLength: null, vectorSize: null });
    });

    given(vendor.embed)('is the length of its vectors, which it is asked for', async () => {
      upstream().next(models(['m/one']), embeddings([[1, 2, 3, 4, 5]]));
      assert.deepEqual(await discover('text-embeddings-inference'), { maxContextLength: null, vectorSize: 5 });
      assert.match(upstream().ledger[1]?.text ?? '', /"input":\["hello world"\]/);
    });

    it('is upstream_error when it has no such model, or is no such server', async () => {
      upstream().next(models(['other']), jsonAnswer([]), jsonAnswer({ data: [{}] }));
      for (let time = 0; time < 3; time++) await assert.rejects(discover('text-generation'), isUpstreamError);
    });

    it('is upstream_error where nobody listens', async () => {
      await assert.rejects(discover('text-generation', { url: await refusingUrl() }), isUpstreamError);
    });

    it('is asked whatever way the address was written', async () => {
      const { url } = upstream();
      for (const written of [url, url.slice(0, -1), `${url}v1`, `${url}v1/`]) {
        upstream().next(models(['m/one']));
        await discover('text-generation', { url: written });
      }
      assert.deepEqual(new Set(upstream().ledger.map(({ path }) => path)), new Set(['/v1/models']));
    });
  });
}

suite('openai', 'max_context_length');
suite('vllm', 'max_model_len');
suite('mistral', 'max_context_length');
suite('albert', 'max_context_length');

describe('a model of albert', () => {
  const { vendor, upstream, targetOf } = useVendor('albert');

  it('may go by an alias', async () => {
    upstream().next(models(['other'], { aliases: ['m/one'], max_context_length: 8 }));
    const found = await vendor.discover?.({ type: 'text-generation', target: targetOf('m/one'), signal: patience() });
    assert.equal(found?.maxContextLength, 8);
  });
});
