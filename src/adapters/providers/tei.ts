import { z } from 'zod';
import { assertThat } from '../../core/errors.ts';
import type { Ranked } from '../../core/models.ts';
import { sumUsage, type Usage, usageOf } from '../../core/usage.ts';
import type { Http, HttpHeaders } from '../http/client.ts';
import { readJson } from '../http/read-json.ts';
import { isNotFound, malformedAnswer } from './ask.ts';
import { type Connection, createConnection } from './openai-like/connection.ts';
import { embed } from './openai-like/embed.ts';
import { inOrder } from './ranking.ts';
import { toVectors, vectorSizeOf } from './vectors.ts';
import type { EmbedCall, Embeddings, RerankCall, Vendor, VendorCall } from './vendor.ts';

/** What a server takes at once unless it was started otherwise. */
const batchSize = 32;

const ranks = z.array(z.object({ index: z.number().int(), score: z.number() }));
const rows = z.array(z.array(z.number()).min(1));
const info = z.object({
  model_id: z.string(),
  /** One key that names what the model does, as `{"reranker": {}}`. */
  model_type: z.record(z.string(), z.unknown()).nullish(),
  max_input_length: z.number().int().positive().nullish(),
});

/** Hugging Face's Text Embeddings Inference: a server of one model that embeds or ranks. */
export function createTeiVendor({ http }: { http: Http }): Vendor {
  const connection = createConnection(http, { name: 'tei' });

  const vendor: Vendor = {
    async embed(call) {
      try {
        // It has no word for dimensions: what comes is shortened.
        const { vectors, usage } = await embed(connection, { ...call, dimensions: null }, batchSize);
        return {
          vectors: toVectors(
            vectors.map((vector) => [...vector]),
            call.texts.length,
            call.dimensions,
          ),
          usage,
        };
      } catch (error) {
        if (!isNotFound(error)) throw error;
        return embedOfOld(connection, call);
      }
    },

    async rerank(call) {
      const ranked: Ranked[] = [];
      const usages: Usage[] = [];
      for (let from = 0; from < call.documents.length; from += batchSize) {
        const answer = await connection.askPath(call, 'rerank', rerankBody(call, from));
        const { data, error } = ranks.safeParse(await readJson(answer));
        if (error) throw malformedAnswer(error);
        ranked.push(...data.map(({ index, score }) => ({ index: index + from, score })));
        usages.push(usageIn(answer.headers));
      }
      return { ranking: inOrder(ranked, call), usage: sumUsage(usages) };
    },

    async list(call) {
      const { model_id: name, model_type: kind, max_input_length: maxContextLength } = await readInfo(connection, call);
      const type = kind && 'embedding' in kind ? 'text-embeddings-inference' : 'text-classification';
      return [{ name, type, maxContextLength: maxContextLength ?? null }];
    },

    async discover(call) {
      const data = await readInfo(connection, call);
      const { modelName } = call.target;
      assertThat(data.model_id === modelName, 'upstream_error', `The provider has no model ${modelName}.`);
      return {
        maxContextLength: data.max_input_length ?? null,
        vectorSize: call.type === 'text-embeddings-inference' ? await vectorSizeOf(call, vendor.embed) : null,
      };
    },

    close: async () => undefined,
  };
  return vendor;
}

async function readInfo(connection: Connection, call: VendorCall): Promise<z.output<typeof info>> {
  const { data, error } = info.safeParse(await readJson(await connection.askPath(call, 'info', null)));
  if (error) throw malformedAnswer(error);
  return data;
}

function rerankBody({ query, documents }: RerankCall, from: number): object {
  const texts = documents.slice(from, from + batchSize);
  return { query, texts, raw_scores: false, return_text: false, truncate: false, truncation_direction: 'right' };
}

/** Servers before 1.0 have no `/v1/embeddings`. */
async function embedOfOld(connection: Connection, call: EmbedCall): Promise<Embeddings> {
  const all: (readonly number[])[] = [];
  const usages: Usage[] = [];
  for (let from = 0; from < call.texts.length; from += batchSize) {
    const inputs = call.texts.slice(from, from + batchSize);
    const answer = await connection.askPath(call, 'embed', { inputs, normalize: true, truncate: false });
    const { data, error } = rows.safeParse(await readJson(answer));
    if (error) throw malformedAnswer(error);
    all.push(...data);
    usages.push(usageIn(answer.headers));
  }
  return { vectors: toVectors(all, call.texts.length, call.dimensions), usage: sumUsage(usages) };
}

/** It counts in a header what it does not count in the body. */
function usageIn(headers: HttpHeaders): Usage {
  const promptTokens = Number(headers['x-compute-tokens']);
  return promptTokens > 0 ? usageOf({ promptTokens }) : usageOf({ estimated: true });
}
