import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { toUnitLength } from '../../../core/vectors.ts';

export interface EncodedBatch {
  vectors: Float32Array[];
  /** What the model read, its markers for start and end included. */
  tokens: number;
}

export interface SentenceEncoderSettings {
  /** With `onnx/model.onnx`, `tokenizer.json` and `tokenizer_config.json`. */
  folder: string;
  /** What a text has beyond them is not read. */
  maxTokens: number;
  threads: number;
}

/** More characters than `maxTokens` can stand for in any text of words; keeps the tokenizer off endless ones. */
const maxCharacters = 64 * 1024;

/** A BERT sentence encoder as sentence-transformers runs it: mean over the tokens, then unit length. */
export async function loadSentenceEncoder(settings: SentenceEncoderSettings) {
  const tokenizer = new Tokenizer(await readJson('tokenizer.json'), await readJson('tokenizer_config.json'));
  const session = await InferenceSession.create(join(settings.folder, 'onnx/model.onnx'), {
    intraOpNumThreads: settings.threads,
    interOpNumThreads: 1,
    // Patterns are kept per input shape, and there are as many shapes as lengths.
    enableMemPattern: false,
    // Threads that wait in a loop take the processor from the rest of the gateway.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });

  async function readJson(name: string): Promise<object> {
    return JSON.parse(await readFile(join(settings.folder, name), 'utf8'));
  }

  function tokenize(text: string): number[] {
    const { ids } = tokenizer.encode(text.slice(0, maxCharacters));
    const end = ids.at(-1);
    return ids.length <= settings.maxTokens || end === undefined ? ids : [...ids.slice(0, settings.maxTokens - 1), end];
  }

  async function run(sequences: readonly number[][]): Promise<EncodedBatch> {
    const length = Math.max(...sequences.map((sequence) => sequence.length));
    const size = sequences.length * length;
    const ids = new BigInt64Array(size);
    const mask = new BigInt64Array(size);
    for (const [row, sequence] of sequences.entries()) {
      ids.set(sequence.map(BigInt), row * length);
      mask.fill(1n, row * length, row * length + sequence.length);
    }
    const shape = [sequences.length, length];
    const outputs = await session.run({
      input_ids: new Tensor('int64', ids, shape),
      attention_mask: new Tensor('int64', mask, shape),
      token_type_ids: new Tensor('int64', new BigInt64Array(size), shape),
    });
    const states = outputs[session.outputNames[0] ?? '']?.data;
    if (!(states instanceof Float32Array)) throw new Error('the model has no output of 32-bit floats');
    const width = states.length / size;
    const vectors = sequences.map((sequence, row) => {
      const start = row * length * width;
      return meanDirection(states.subarray(start, start + sequence.length * width), width);
    });
    return { vectors, tokens: sequences.reduce((sum, sequence) => sum + sequence.length, 0) };
  }

  return {
    async encode(texts: readonly string[]): Promise<EncodedBatch> {
      return run(texts.map(tokenize));
    },
  };
}

export type SentenceEncoder = Awaited<ReturnType<typeof loadSentenceEncoder>>;

/** The direction of the mean of rows of `width` values: their sum points the same way. */
function meanDirection(rows: Float32Array, width: number): Float32Array {
  const sums = new Float64Array(width);
  for (let row = 0; row < rows.length; row += width) {
    for (let column = 0; column < width; column++) sums[column] = (sums[column] ?? 0) + (rows[row + column] ?? 0);
  }
  return toUnitLength(sums);
}
