import { z } from 'zod';
import { usageOf } from '../../../core/usage.ts';
import type { HttpAnswer } from '../../http/client.ts';
import { readJson } from '../../http/read-json.ts';
import { isNotFound, malformedAnswer } from '../ask.ts';
import { inOrder } from '../ranking.ts';
import type { Ranking, RerankCall } from '../vendor.ts';
import type { Connection } from './connection.ts';

const rankingAnswer = z.object({
  results: z.array(z.object({ index: z.number().int(), relevance_score: z.number() })),
  usage: z.object({ prompt_tokens: z.number().nullish(), total_tokens: z.number().nullish() }).nullish(),
});

/** A ranking by Cohere's and Jina's API, at the first of `paths` that the server has. */
export async function rerank(connection: Connection, paths: readonly string[], call: RerankCall): Promise<Ranking> {
  const answer = await askFirst(connection, paths, call);
  const { data, error } = rankingAnswer.safeParse(await readJson(answer));
  if (error) throw malformedAnswer(error);
  const ranked = data.results.map(({ index, relevance_score: score }) => ({ index, score }));
  const promptTokens = data.usage?.prompt_tokens ?? data.usage?.total_tokens ?? null;
  return {
    ranking: inOrder(ranked, call),
    usage: promptTokens === null ? usageOf({ estimated: true }) : usageOf({ promptTokens }),
  };
}

async function askFirst(connection: Connection, paths: readonly string[], call: RerankCall): Promise<HttpAnswer> {
  const [path = '', ...others] = paths;
  const { query, documents, topN, target } = call;
  const body = { model: target.modelName, query, documents, ...(topN !== null && { top_n: topN }) };
  try {
    return await connection.askPath(call, path, body);
  } catch (error) {
    if (others.length === 0 || !isNotFound(error)) throw error;
    return askFirst(connection, others, call);
  }
}
