import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { metadataFilter } from '../../../core/metadata.ts';
import { searchMethods } from '../../../core/search.ts';
import { presentUsage, usageSchema } from '../../openai/usage.ts';
import { chunk, presentChunk } from '../chunks/chunk.ts';
import { bodyId } from '../fields.ts';

const ids = z.array(bodyId).max(100).nullish();
const place = z.object({ rank: z.int(), score: z.number() }).nullable();

export const search = endpoint({
  method: 'POST',
  path: '/v1/search',
  permission: 'use',
  summary: 'Find chunks by meaning, by words or by both',
  tag: 'Search',
  body: z.looseObject({
    query: z.string().nullish().describe('What to look for.'),
    prompt: z.string().nullish().describe('Deprecated: another name of query.'),
    collection_ids: ids.describe('The collections to search; none: all that you can read.'),
    collections: ids.describe('Deprecated: another name of collection_ids.'),
    document_ids: ids.describe('The documents to search; none: all of the collections.'),
    metadata_filters: metadataFilter.nullish(),
    limit: z.int().min(1).max(100).default(10),
    offset: z.int().nonnegative().default(0).describe('offset + limit may be 1,000.'),
    method: z.enum(searchMethods).default('semantic'),
    rff_k: z.int().min(0).max(16_384).default(60).describe('The constant of reciprocal rank fusion; hybrid only.'),
    score_threshold: z
      .number()
      .min(0)
      .max(1)
      .nullish()
      .describe('Lowest cosine similarity of a result; only available for semantic search method.'),
  }),
  response: z.object({
    object: z.literal('list'),
    data: z.array(
      z.object({
        method: z.enum(searchMethods),
        score: z.number().describe('semantic: cosine similarity. lexical: BM25. hybrid: the fused score.'),
        chunk,
        legs: z
          .object({ lexical: place, semantic: place })
          .nullable()
          .describe('hybrid: where the result stood in each of the two lists.'),
      }),
    ),
    usage: usageSchema,
  }),
  verb: 'search',
  job: { kind: 'call' },
  toCore: (body) => ({
    query: body.query ?? body.prompt ?? '',
    method: body.method,
    collectionIds: body.collection_ids ?? body.collections ?? [],
    documentIds: body.document_ids ?? [],
    filter: body.metadata_filters ?? null,
    limit: body.limit,
    offset: body.offset,
    rankConstant: body.rff_k,
    scoreThreshold: body.score_threshold ?? 0,
  }),
  fromCore: ({ hits, usage, bill }) => ({
    object: 'list',
    data: hits.map((hit) => ({
      method: hit.method,
      score: hit.score,
      chunk: presentChunk(hit.chunk),
      legs: hit.legs,
    })),
    usage: presentUsage(usage, bill),
  }),
});
