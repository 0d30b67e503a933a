import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayError } from '../../../../src/core/errors.ts';
import type { VendorName } from '../../../../src/core/models.ts';
import { patience, useVendor } from '../../../conformance/provider/setup.ts';
import { type Answer, jsonAnswer } from '../../../helpers/fake-upstream.ts';
import { failure } from '../../../helpers/wire/openai.ts';

const documents = ['zero', 'one', 'two'];

function ranked(scores: readonly number[], usage: object | null = { total_tokens: 12 }): Answer {
  const results = scores.map((relevance_score, index) => ({ index, relevance_score, document: { text: 'x' } }));
  return jsonAnswer({ id: 'rerank-1', results, ...(usage && { usage }) });
}

const paths = { albert: ['/v1/rerank'], vllm: ['/v2/rerank', '/rerank'] } as const satisfies Partial<
  Record<VendorName, readonly string[]>
>;

for (const [name, [path, ...others]] of Object.entries(paths) as [VendorName, readonly string[]][]) {
  describe(`a ranking of the vendor ${name}`, () => {
    const { vendor, upstream, targetOf } = useVendor(name);

    function rerank(topN: number | null = null) {
      assert.ok(vendor.rerank);
      return vendor.rerank({ target: targetOf('m'), signal: patience(), query: 'which?', documents, topN });
    }

    it('is by falling score, equal ones in the order of the documents', async () => {
      upstream().next(ranked([0.5, 0.9, 0.5]));
      const { ranking, usage } = await rerank();
      assert.deepEqual(
        ranking.map(({ index }) => index),
        [1, 0, 2],
      );
      assert.equal(usage.promptTokens, 12);
      assert.equal(upstream().ledger[0]?.path, path);
      assert.deepEqual(upstream().ledger[0]?.json, { model: 'm', query: 'which?', documents });
    });

    it('has no more than were asked for, also from a server that sends all', async () => {
      upstream().next(ranked([0.1, 0.2, 0.3]));
      const { ranking } = await rerank(2);
      assert.deepEqual(
        ranking.map(({ index }) => index),
        [2, 1],
      );
      assert.deepEqual(upstream().ledger[0]?.json, { model: 'm', query: 'which?', documents, top_n: 2 });
    });

    it('without a word on usage is marked so', async () => {
      upstream().next(ranked([1, 2, 3], null));
      assert.equal((await rerank()).usage.estimated, true);
    });

    it('of documents that were not sent is upstream_error', async () => {
      upstream().next(ranked([1, 2, 3, 4]));
      await assert.rejects(rerank(), (error) => error instanceof GatewayError && error.code === 'upstream_error');
    });

    it('is asked at the next path where the first is not there, and not otherwise', async () => {
      upstream().respond(failure(404, 'Not Found'));
      await assert.rejects(rerank());
      assert.deepEqual(
        upstream().ledger.map((asked) => asked.path),
        [path, ...others],
      );
      upstream().reset();
      upstream().respond(failure(500, 'broken'));
      await assert.rejects(rerank());
      assert.equal(upstream().ledger.length, 1);
    });
  });
}
