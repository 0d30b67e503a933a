import { z } from 'zod';
import { malformedAnswer } from '../ask.ts';
import { toVectors } from '../vectors.ts';
import type { EmbedCall } from '../vendor.ts';
import { resourceName } from './models.ts';

/** The API takes no more texts at once. */
export const maxTextsPerBatch = 100;

const batch = z.object({ embeddings: z.array(z.object({ values: z.array(z.number()).min(1) })) });

/** The body of `:batchEmbedContents`. */
export function toEmbedBody({ texts, target, dimensions }: EmbedCall): object {
  return {
    requests: texts.map((text) => ({
      model: resourceName(target.modelName),
      content: { parts: [{ text }] },
      ...(dimensions !== null && { outputDimensionality: dimensions }),
    })),
  };
}

/** One vector per text; shortened ones come without unit length. Throws `upstream_error`. */
export function fromEmbedAnswer(answer: unknown, { texts, dimensions }: EmbedCall): readonly Float32Array[] {
  const { data, error } = batch.safeParse(answer);
  if (error) throw malformedAnswer(error);
  const rows = data.embeddings.map(({ values }) => values);
  return toVectors(rows, texts.length, dimensions);
}
