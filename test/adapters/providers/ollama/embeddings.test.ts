import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { GatewayError } from '../../../../src/core/errors.ts';
import { patience, useVendor } from '../../../conformance/provider/setup.ts';
import { jsonAnswer } from '../../../helpers/fake-upstream.ts';
import { embedded, ollamaFailure } from '../../../helpers/wire/ollama.ts';

describe('embeddings of Ollama', () => {
  const { vendor, upstream, targetOf } = useVendor('ollama');

  function embed(texts: readonly string[], dimensions: number | null = null) {
    assert.ok(vendor.embed);
    return vendor.embed({ target: targetOf('all-minilm'), texts, dimensions, signal: patience() });
  }

  it('are of whole texts, never of their beginnings', async () => {
    upstream().next(embedded([[1, 0]]));
    await embed(['one'], 2);
    const [asked] = upstream().ledger;
    assert.equal(asked?.path, '/api/embed');
    assert.deepEqual(asked?.json, { model: 'all-minilm', input: ['one'], truncate: false, dimensions: 2 });
  });

  it('of a text that is too long are refused', async () => {
    upstream().next(ollamaFailure(400, 'the input length exceeds the context length'));
    await assert.rejects(
      embed(['very long']),
      (error) => error instanceof GatewayError && error.code === 'context_length_exceeded',
    );
  });

  it('tell their usage', async () => {
    upstream().next(embedded([[1, 0]], 12));
    const { usage } = await embed(['one']);
    assert.deepEqual([usage.promptTokens, usage.estimated], [12, false]);
  });

  it('of a server that counts nothing are marked so', async () => {
    upstream().next(jsonAnswer({ embeddings: [[1, 0]] }));
    assert.equal((await embed(['one'])).usage.estimated, true);
  });

  it('that are fewer than the texts are upstream_error', async () => {
    upstream().next(embedded([[1, 0]]));
    await assert.rejects(
      embed(['one', 'two']),
      (error) => error instanceof GatewayError && error.code === 'upstream_error',
    );
  });
});
