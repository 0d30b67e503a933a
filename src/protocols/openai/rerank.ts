import { z } from 'zod';
import { endpoint } from '../../core/endpoint.ts';
import type { RerankResult } from '../../core/models.ts';
import { type RerankBody, rerankRequest, textsOf } from './rerank-input.ts';
import { presentUsage, usageSchema } from './usage.ts';

/** As S2 answers. */
const scoredTexts = z.object({
  model: z.string(),
  results: z.array(z.object({ index: z.int(), score: z.number(), text: z.string() })),
  usage: usageSchema,
});

/** As S4, Cohere and Jina answer. */
const rankedDocuments = z.object({
  object: z.literal('list'),
  id: z.string(),
  results: z.array(
    z.object({
      relevance_score: z.number(),
      index: z.int().describe('Which document, from 0.'),
      document: z.looseObject({ text: z.string() }).optional(),
    }),
  ),
  model: z.string().describe('The name the request used.'),
  usage: usageSchema,
});

export const rerank = endpoint({
  method: 'POST',
  path: '/v1/rerank',
  permission: 'use',
  summary: 'Order documents by how well they answer a query',
  tag: 'Rerank',
  body: rerankRequest,
  response: z.union([rankedDocuments, scoredTexts]),
  verb: 'rerank',
  job: { kind: 'call' },
  toCore: (body) => ({
    model: body.model,
    query: body.query,
    documents: textsOf(body),
    topN: body.top_n ?? body.limit ?? null,
  }),
  fromCore: (result, body) => (body.texts ? toScoredTexts(result, body.texts) : toRankedDocuments(result, body)),
});

function toScoredTexts({ model, ranking, usage, bill }: RerankResult, texts: readonly string[]) {
  const results = ranking.map(({ index, score }) => ({ index, score, text: texts[index] ?? '' }));
  return { model, results, usage: presentUsage(usage, bill) };
}

function toRankedDocuments({ id, model, ranking, usage, bill }: RerankResult, body: RerankBody) {
  const results = ranking.map(({ index, score }) => ({
    relevance_score: score,
    index,
    ...(body.return_documents && { document: asObject(body.documents?.[index] ?? '') }),
  }));
  return { object: 'list' as const, id, results, model, usage: presentUsage(usage, bill) };
}

function asObject(document: string | { text: string }): { text: string } {
  return typeof document === 'string' ? { text: document } : document;
}
