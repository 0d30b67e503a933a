import { join } from 'node:path';
import { assertThat } from '../../../core/errors.ts';
import { usageOf } from '../../../core/usage.ts';
import { shorten } from '../../../core/vectors.ts';
import type { Vendor } from '../vendor.ts';
import { createOnDemandEncoder, type OnDemandEncoder } from './on-demand-encoder.ts';

export interface LocalSettings {
  /** One sub-folder per model. */
  modelsDir: string;
  threads: number;
  idleTimeoutMs: number;
}

/** The models that come as packages: name and folder -> how much of a text they read. */
const embeddingModels: Record<string, { maxTokens: number }> = {
  'all-MiniLM-L6-v2': { maxTokens: 256 },
};

/** Small models on this machine, each in a process of its own. */
export function createLocalVendor(settings: LocalSettings): Vendor {
  const encoders = new Map<string, OnDemandEncoder>();

  function encoderOf(modelName: string): OnDemandEncoder {
    const existing = encoders.get(modelName);
    if (existing) return existing;
    const model = embeddingModels[modelName];
    assertThat(model, 'upstream_error', `There is no local embedding model ${modelName}.`);
    const created = createOnDemandEncoder({
      ...settings,
      ...model,
      modelName,
      folder: join(settings.modelsDir, modelName),
    });
    encoders.set(modelName, created);
    return created;
  }

  return {
    async embed({ target, texts, dimensions, signal }) {
      const { values, tokens } = await encoderOf(target.modelName).encode(texts, signal);
      const width = values.length / texts.length;
      const vectors = texts.map((_text, index) => {
        const vector = values.slice(index * width, (index + 1) * width);
        return dimensions === null ? vector : shorten(vector, dimensions);
      });
      return { vectors, usage: usageOf({ promptTokens: tokens }) };
    },

    async close() {
      await Promise.all([...encoders.values()].map((encoder) => encoder.stop()));
    },
  };
}
