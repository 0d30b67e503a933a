import { z } from 'zod';
import type { ChatSearch } from '../../../core/chat.ts';
import { metadataFilter } from '../../../core/metadata.ts';
import { searchMethods } from '../../../core/search.ts';
import { bodyId } from '../fields.ts';

const ids = z.array(bodyId).max(100).nullish();

/** S4's SearchArgs: everything of a search but its query. */
export const searchFields = {
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
};

export const searchArguments = z.object(searchFields);

export function toSearch(body: z.output<typeof searchArguments>): ChatSearch {
  return {
    method: body.method,
    collectionIds: body.collection_ids ?? body.collections ?? [],
    documentIds: body.document_ids ?? [],
    filter: body.metadata_filters ?? null,
    limit: body.limit,
    offset: body.offset,
    rankConstant: body.rff_k,
    scoreThreshold: body.score_threshold ?? 0,
  };
}
