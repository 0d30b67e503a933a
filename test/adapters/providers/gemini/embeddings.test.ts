import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayError } from '../../../../src/core/errors.ts';
import { patience, useVendor } from '../../../conformance/provider/setup.ts';
import { embeddingBatch, speaksGemini } from '../../../helpers/wire/gemini.ts';

describe('embeddings of Gemini', () => {
  const { vendor, upstream, targetOf } = useVendor('gemini');

  function embed(texts: readonly string[], dimensions: number | null = null) {
    assert.ok(vendor.embed);
    return vendor.embed({ target: targetOf('gemini-embedding-001'), texts, dimensions, signal: patience() });
  }

  function requestsOf(index: number): readonly Record<string, unknown>[] {
    const body = upstream().ledger[index]?.json as { requests: readonly Record<string, unknown>[] } | undefined;
    return body?.requests ?? [];
  }

  it('are asked for by the name of the model, in the path and with every text', async () => {
    upstream().next(embeddingBatch([[1, 0]]));
    await embed(['one']);
    assert.equal(upstream().ledger[0]?.path, '/v1beta/models/gemini-embedding-001:batchEmbedContents');
    assert.deepEqual(requestsOf(0), [{ model: 'models/gemini-embedding-001', content: { parts: [{ text: 'one' }] } }]);
  });

  it('are asked for a hundred at a time', async () => {
    upstream().respond(speaksGemini());
    const { vectors } = await embed(Array.from({ length: 201 }, (_, index) => `text ${index}`));
    assert.equal(vectors.length, 201);
    assert.deepEqual(
      [0, 1, 2].map(requestsOf).map(({ length }) => length),
      [100, 100, 1],
    );
  });

  it('are shortened by the model, and brought to unit length here', async () => {
    upstream().next(embeddingBatch([[3, 4]]));
    const { vectors } = await embed(['one'], 2);
    assert.equal(requestsOf(0)[0]?.['outputDimensionality'], 2);
    assert.deepEqual(
      [...(vectors[0] ?? [])].map((value) => value.toFixed(3)),
      ['0.600', '0.800'],
    );
  });

  it('of a model that does not shorten are shortened here', async () => {
    upstream().next(embeddingBatch([[3, 4, 12]]));
    const { vectors } = await embed(['one'], 2);
    assert.equal(vectors[0]?.length, 2);
  });

  it('tell no usage', async () => {
    upstream().next(embeddingBatch([[1]]));
    const { usage } = await embed(['one']);
    assert.deepEqual([usage.promptTokens, usage.estimated], [0, true]);
  });

  it('that are fewer than the texts are upstream_error', async () => {
    upstream().next(embeddingBatch([[1]]));
    await assert.rejects(
      embed(['one', 'two']),
      (error) => error instanceof GatewayError && error.code === 'upstream_error',
    );
  });
});
