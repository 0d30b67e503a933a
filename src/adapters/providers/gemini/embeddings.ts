import { isRecord } from '../records.ts';
import { unitVectors } from '../unit-vectors.ts';
import type { EmbedCall } from '../vendor.ts';
import { resourceName } from './models.ts';

/** The API takes no more texts at once. */
export const maxTextsPerBatch = 100;

/** The body of `:batchEmbedContents`. */
export function toEmbedBody(texts: readonly string[], { target, dimensions }: EmbedCall): Record<string, unknown> {
  return {
    requests: texts.map((text) => ({
      model: resourceName(target.modelName),
      content: { parts: [{ text }] },
      ...(dimensions !== null && { outputDimensionality: dimensions }),
    })),
  };
}

/** One vector per text; a shortened one comes without unit length. Throws `upstream_error`. */
export function fromEmbedAnswer(answer: unknown, count: number): readonly Float32Array[] {
  const embeddings = isRecord(answer) && Array.isArray(answer['embeddings']) ? answer['embeddings'] : [];
  return unitVectors(
    embeddings.map((embedding) => (isRecord(embedding) ? embedding['values'] : null)),
    count,
  );
}
