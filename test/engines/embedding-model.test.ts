import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { Tokenizer } from '@huggingface/tokenizers';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { miniLm } from '../../engines/models/locked-models.ts';
import { useEngines } from '../helpers/engines.ts';

const maxTokens = 256;
const dimensions = 384;

/** The model alone, run by the plainest possible code: what is tested is the file that was converted here. */
describe('the embedding model as it was converted', () => {
  let session: InferenceSession;
  let tokenizer: Tokenizer;

  before(async () => {
    const directory = join(useEngines().modelsDir, miniLm.name);
    const readJson = (name: string) => JSON.parse(readFileSync(join(directory, name), 'utf8'));
    tokenizer = new Tokenizer(readJson('tokenizer.json'), readJson('tokenizer_config.json'));
    session = await InferenceSession.create(join(directory, 'onnx/model.onnx'));
  });

  async function embed(text: string): Promise<number[]> {
    const ids: number[] = tokenizer.encode(text).ids.slice(0, maxTokens);
    const input = (values: number[]) => new Tensor('int64', BigInt64Array.from(values, BigInt), [1, ids.length]);
    const output = await session.run({
      input_ids: input(ids),
      attention_mask: input(ids.map(() => 1)),
      token_type_ids: input(ids.map(() => 0)),
    });
    const states = output['last_hidden_state']?.data as Float32Array;
    const sums = Array.from({ length: dimensions }, (_, index) =>
      ids.reduce((sum, _id, token) => sum + (states[token * dimensions + index] ?? 0), 0),
    );
    const length = Math.hypot(...sums);
    return sums.map((sum) => sum / length);
  }

  const cosine = (left: number[], right: number[]) =>
    left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0);

  it('finds the same likeness of sentences as its makers publish', async () => {
    const lovely = await embed('The weather is lovely today.');
    const sunny = await embed("It's so sunny outside!");
    const stadium = await embed('He drove to the stadium.');
    const likeness = [cosine(lovely, sunny), cosine(lovely, stadium), cosine(sunny, stadium)];
    assert.deepEqual(
      likeness.map((value) => value.toFixed(4)),
      ['0.6660', '0.1046', '0.1411'],
    );
  });
});
