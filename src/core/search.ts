import type { Chunk } from './collection.ts';
import type { MetadataFilter } from './metadata.ts';
import type { Bill, Usage } from './usage.ts';

export const searchMethods = ['hybrid', 'semantic', 'lexical'] as const;
export type SearchMethod = (typeof searchMethods)[number];

export interface SearchRequest {
  query: string;
  method: SearchMethod;
  /** Empty means everything the caller may read. */
  collectionIds: readonly number[];
  documentIds: readonly number[];
  filter: MetadataFilter | null;
  limit: number;
  offset: number;
  /** The constant `k` of reciprocal rank fusion; hybrid only. */
  rankConstant: number;
  /** Lowest cosine similarity of a hit, 0 for no limit; semantic only. */
  scoreThreshold: number;
}

export interface SearchHit {
  method: SearchMethod;
  /** Semantic: cosine similarity. Lexical: BM25. Hybrid: the fused score. */
  score: number;
  chunk: Chunk;
  /** Where the hit stood in each leg of a hybrid search; null where it did not appear. */
  legs: { lexical: LegPlace | null; semantic: LegPlace | null } | null;
}

interface LegPlace {
  rank: number;
  score: number;
}

export interface SearchResult {
  hits: readonly SearchHit[];
  usage: Usage;
  /** Of embedding the query. A search by words, or for what was embedded before, asks no model. */
  bill: Bill;
}

/** What a search may look at, resolved from the request and the caller's rights. Never means "everything". */
export interface SearchScope {
  collectionIds: readonly number[];
  documentIds: readonly number[];
  filter: MetadataFilter | null;
}
