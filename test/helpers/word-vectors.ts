import type { EmbedCall, Vendor } from '../../src/adapters/providers/vendor.ts';
import { type Usage, usageOf } from '../../src/core/usage.ts';
import { toUnitLength } from '../../src/core/vectors.ts';

/** A model that counts words: texts are as close as they have words in common. Keeps what it was asked. */
export interface WordVectors extends Vendor {
  dimensions: number;
  /** Every text that was embedded, in order. */
  asked: string[];
  embed(call: EmbedCall): Promise<{ vectors: Float32Array[]; usage: Usage }>;
}

export function createWordVectors(dimensions = 64): WordVectors {
  const model: WordVectors = {
    dimensions,
    asked: [],
    async embed({ texts }) {
      model.asked.push(...texts);
      return { vectors: texts.map((text) => wordVector(text, model.dimensions)), usage: countWords(texts) };
    },
    close: async () => undefined,
  };
  return model;
}

/** Each word adds to one place, found from its letters. */
export function wordVector(text: string, dimensions = 64): Float32Array {
  const counts = new Array<number>(dimensions).fill(0);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['']) {
    let place = 7;
    for (const letter of word) place = (place * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003;
    counts[place % dimensions] = (counts[place % dimensions] ?? 0) + 1;
  }
  return toUnitLength(counts);
}

export function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
}

function countWords(texts: readonly string[]): Usage {
  return usageOf({ promptTokens: texts.reduce((sum, text) => sum + text.split(/\s+/).length, 0) });
}
