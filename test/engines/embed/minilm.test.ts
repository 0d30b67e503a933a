import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { loadSentenceEncoder, type SentenceEncoder } from '../../../src/adapters/providers/local/sentence-encoder.ts';
import { useEngines } from '../../helpers/engines.ts';
import { cosine } from '../../helpers/word-vectors.ts';

describe('all-MiniLM-L6-v2', () => {
  let encoder: SentenceEncoder;
  before(async () => {
    const folder = join(useEngines().modelsDir, 'all-MiniLM-L6-v2');
    encoder = await loadSentenceEncoder({ folder, maxTokens: 256, threads: 2 });
  });

  it('gives the values that sentence-transformers gives', async () => {
    const { vectors } = await encoder.encode([
      'The weather is lovely today.',
      "It's so sunny outside!",
      'He drove to the stadium.',
    ]);
    const [weather = new Float32Array(), sunny = new Float32Array(), stadium = new Float32Array()] = vectors;
    const pairs = [cosine(weather, sunny), cosine(weather, stadium), cosine(sunny, stadium)];
    // The model card's figures.
    assert.deepEqual(
      pairs.map((value) => value.toFixed(4)),
      ['0.6660', '0.1046', '0.1411'],
    );
  });

  it('counts what it reads, its two markers included', async () => {
    // [CLS] the weather is lovely today . [SEP]
    assert.equal((await encoder.encode(['The weather is lovely today.'])).tokens, 8);
    assert.equal((await encoder.encode(['The weather is lovely today.', 'today'])).tokens, 8 + 3);
  });

  it('reads 256 tokens and no more', async () => {
    const words = (count: number) => 'today '.repeat(count);
    const { vectors, tokens } = await encoder.encode([words(254), words(255), words(10_000)]);
    assert.equal(tokens, 3 * 256);
    const [exact = new Float32Array(), ...longer] = vectors;
    for (const vector of longer) assert.ok(cosine(exact, vector) > 0.99999);
    assert.equal((await encoder.encode([words(253)])).tokens, 255);
  });

  it('is not held up by text without end', async () => {
    const { vectors, tokens } = await encoder.encode(['x'.repeat(8_000_000), 'a b '.repeat(2_000_000)]);
    assert.equal(vectors.length, 2);
    // The first is one word, which the model does not know.
    assert.equal(tokens, 3 + 256);
  });
});
