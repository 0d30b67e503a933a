import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayError } from '../../../src/core/errors.ts';
import type { ModelType } from '../../../src/core/models.ts';
import { patience, useVendor } from '../../conformance/provider/setup.ts';
import { type Asked, jsonAnswer } from '../../helpers/fake-upstream.ts';
import { embeddings, failure } from '../../helpers/wire/openai.ts';

const isUpstreamError = (error: unknown) => error instanceof GatewayError && error.code === 'upstream_error';
const counted = { 'x-compute-tokens': '40' };

describe('Text Embeddings Inference', () => {
  const { vendor, upstream, targetOf } = useVendor('tei');

  function rerank(documents: readonly string[], topN: number | null = null) {
    assert.ok(vendor.rerank);
    return vendor.rerank({ target: targetOf('BAAI/reranker'), signal: patience(), query: 'which?', documents, topN });
  }

  function embed(texts: readonly string[], dimensions: number | null = null) {
    assert.ok(vendor.embed);
    return vendor.embed({ target: targetOf('BAAI/bge'), signal: patience(), texts, dimensions });
  }

  function discover(type: ModelType) {
    assert.ok(vendor.discover);
    return vendor.discover({ type, target: targetOf('BAAI/bge'), signal: patience() });
  }

  it('ranks by its own words', async () => {
    upstream().next(
      jsonAnswer(
        [
          { index: 1, score: 0.9 },
          { index: 0, score: 0.2 },
        ],
        200,
        counted,
      ),
    );
    const { ranking, usage } = await rerank(['a', 'b'], 1);
    assert.deepEqual(ranking, [{ index: 1, score: 0.9 }]);
    assert.equal(usage.promptTokens, 40);
    assert.equal(upstream().ledger[0]?.path, '/rerank');
    assert.deepEqual(upstream().ledger[0]?.json, {
      query: 'which?',
      texts: ['a', 'b'],
      raw_scores: false,
      return_text: false,
      truncate: false,
      truncation_direction: 'right',
    });
  });

  it('ranks more documents than it takes at once', async () => {
    const documents = Array.from({ length: 70 }, (_, index) => `document ${index}`);
    upstream().respond((asked) =>
      jsonAnswer(
        textsIn(asked).map((text, index) => ({ index, score: scoreOf(text) })),
        200,
        counted,
      ),
    );
    const { ranking, usage } = await rerank(documents);
    assert.deepEqual(
      ranking.map(({ index }) => index),
      documents.map((_, index) => 69 - index),
    );
    assert.deepEqual(
      upstream().ledger.map((asked) => textsIn(asked).length),
      [32, 32, 6],
    );
    assert.equal(usage.promptTokens, 120);
  });

  it('shortens vectors here, for it has no word for that', async () => {
    upstream().next(embeddings([[3, 4, 12]]));
    const { vectors } = await embed(['a'], 2);
    assert.deepEqual(
      [...(vectors[0] ?? [])].map((value) => value.toFixed(3)),
      ['0.600', '0.800'],
    );
    assert.doesNotMatch(upstream().ledger[0]?.text ?? '', /dimensions/);
  });

  it('embeds also where it is of old', async () => {
    upstream().next(
      failure(404, 'Not Found'),
      jsonAnswer(
        [
          [3, 4],
          [0, 2],
        ],
        200,
        counted,
      ),
    );
    const { vectors, usage } = await embed(['a', 'b']);
    assert.deepEqual([...(vectors[1] ?? [])], [0, 1]);
    assert.equal(usage.promptTokens, 40);
    assert.deepEqual(upstream().ledger[1]?.json, { inputs: ['a', 'b'], normalize: true, truncate: false });
    assert.equal(upstream().ledger[1]?.path, '/embed');
  });

  it('says what it takes and how long its vectors are', async () => {
    upstream().next(jsonAnswer({ model_id: 'BAAI/bge', max_input_length: 512 }), embeddings([[1, 2, 3]]));
    assert.deepEqual(await discover('text-embeddings-inference'), { maxContextLength: 512, vectorSize: 3 });
    assert.equal(upstream().ledger[0]?.path, '/info');
  });

  it('says so when it ranks', async () => {
    upstream().next(jsonAnswer({ model_id: 'BAAI/bge', max_input_length: 512 }));
    assert.deepEqual(await discover('text-classification'), { maxContextLength: 512, vectorSize: null });
  });

  it('must run the model that it is said to run', async () => {
    upstream().next(jsonAnswer({ model_id: 'another', max_input_length: 512 }));
    await assert.rejects(discover('text-classification'), isUpstreamError);
  });
});

function textsIn(asked: Asked): string[] {
  return (asked.json as { texts: string[] }).texts;
}

function scoreOf(text: string): number {
  return Number(text.split(' ')[1]);
}
