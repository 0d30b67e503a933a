import { z } from 'zod';
import { sumUsage, type Usage } from '../../../core/usage.ts';
import { readJson } from '../../http/read-json.ts';
import { malformedAnswer } from '../ask.ts';
import { toVectors } from '../vectors.ts';
import type { EmbedCall, Embeddings } from '../vendor.ts';
import { chatUsage } from './chunk.ts';
import type { Connection } from './connection.ts';
import { toUsage } from './usage.ts';

/** As many texts as OpenAI takes at once, and as many as a caller may send. */
const maxTexts = 2_048;

const embeddingList = z.object({
  data: z.array(z.object({ index: z.number().int().nullish(), embedding: z.array(z.number()).min(1) })),
  usage: chatUsage.nullish(),
});

type Inputs = EmbedCall['texts'] | NonNullable<EmbedCall['tokens']>;

/** Vectors by `POST /v1/embeddings`, at most `batchSize` texts at a time. */
export async function embed(connection: Connection, call: EmbedCall, batchSize = maxTexts): Promise<Embeddings> {
  const inputs = call.tokens ?? call.texts;
  const vectors: Float32Array[] = [];
  const usages: Usage[] = [];
  for (let from = 0; from < inputs.length; from += batchSize) {
    const batch = await embedBatch(connection, call, inputs.slice(from, from + batchSize));
    vectors.push(...batch.vectors);
    usages.push(batch.usage);
  }
  return { vectors, usage: sumUsage(usages) };
}

async function embedBatch(connection: Connection, call: EmbedCall, input: Inputs): Promise<Embeddings> {
  const { target, dimensions } = call;
  const body = { model: target.modelName, input, encoding_format: 'float' };
  const answer = await connection.ask(call, 'embeddings', { ...body, ...(dimensions !== null && { dimensions }) });
  const { data: list, error } = embeddingList.safeParse(await readJson(answer));
  if (error) throw malformedAnswer(error);
  const inOrder = list.data.toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0));
  return {
    vectors: toVectors(
      inOrder.map(({ embedding }) => embedding),
      input.length,
      dimensions,
    ),
    usage: toUsage(list.usage),
  };
}
