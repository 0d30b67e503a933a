import type { Client, estypes } from '@elastic/elasticsearch';
import type { SearchScope } from '../../core/search.ts';
import { type ChunkRef, parseRef } from './chunk-ref.ts';
import { reaching, unavailable } from './client.ts';
import { type Exclusions, routingOf, scopeFilter } from './scope.ts';
import type { EmbeddingSpace, Spaces } from './space.ts';

/** One ranked list that a search asks for. `scope` is its own: only collections of its spaces. */
export type Leg = { scope: SearchScope; window: number } & (
  | { kind: 'lexical'; spaces: readonly EmbeddingSpace[]; text: string }
  | { kind: 'semantic'; space: EmbeddingSpace; vector: Float32Array; minCosine: number | null }
);

/** `score` is BM25 of a lexical leg and the cosine of a semantic one. */
export interface IndexHit extends ChunkRef {
  score: number;
}

/** Candidates per hit that are scored again with the full vectors, so that scores are exact cosines. */
const oversample = 1.5;
const minCandidates = 100;
/** Quantised scores decide who is scored exactly; they are this far off at most. */
const quantisationError = 0.02;

/** All legs in one round trip. Best first; an empty scope asks nothing. */
export function createSearch(client: Client, spaces: Spaces, timeoutMs: number) {
  return async function search(legs: readonly Leg[], excluded: Exclusions, signal: AbortSignal): Promise<IndexHit[][]> {
    const asked = legs.filter((leg) => leg.scope.collectionIds.length > 0);
    if (asked.length === 0) return legs.map(() => []);
    const searches = asked.flatMap((leg) => [headerOf(leg, spaces), { ...answerOf(leg), ...queryOf(leg, excluded) }]);
    const answer = await reaching(() =>
      client.msearch({ searches, filter_path: answeredFields }, { signal, requestTimeout: timeoutMs }),
    );
    const lists = new Map(asked.map((leg, index) => [leg, hitsOf(leg, answer.responses[index])]));
    return legs.map((leg) => lists.get(leg) ?? []);
  };
}

const answeredFields = [
  'responses.error',
  'responses.status',
  'responses.timed_out',
  'responses.hits.hits._score',
  'responses.hits.hits.fields',
];

function headerOf(leg: Leg, spaces: Spaces): estypes.MsearchMultisearchHeader {
  const asked = leg.kind === 'lexical' ? leg.spaces : [leg.space];
  return {
    index: asked.map(spaces.aliasOf),
    ignore_unavailable: true,
    allow_no_indices: true,
    allow_partial_search_results: false,
    // The same copies for the legs and pages of one scope: they must not disagree.
    preference: `collection-${leg.scope.collectionIds[0]}`,
    ...routingOf(leg.scope),
  };
}

/** Only the reference of a hit, from its column: reading stored fields costs several times the search. */
function answerOf(leg: Leg): estypes.SearchRequest {
  return {
    size: leg.window,
    stored_fields: '_none_',
    docvalue_fields: ['ref'],
    track_total_hits: false,
  };
}

function queryOf(leg: Leg, excluded: Exclusions): estypes.SearchRequest {
  const filter = scopeFilter(leg.scope, excluded);
  if (leg.kind === 'lexical') {
    const match = { query: leg.text, fields: ['content', 'content.plain'], type: 'most_fields' as const };
    return { query: { bool: { must: { multi_match: match }, filter } } };
  }
  return {
    knn: {
      field: 'embedding',
      query_vector: Array.from(leg.vector),
      k: leg.window,
      // A flat index compares with every vector in scope: more candidates find nothing more, and cost as much again.
      num_candidates: Math.max(minCandidates, Math.ceil(oversample * leg.window)),
      rescore_vector: { oversample },
      ...(leg.minCosine !== null && { similarity: leg.minCosine - quantisationError }),
      filter,
    },
  };
}

function hitsOf(leg: Leg, answer: estypes.MsearchResponseItem<unknown> | undefined): IndexHit[] {
  if (!answer || ('error' in answer ? isTransient(answer) : answer.timed_out)) throw unavailable(answer);
  if ('error' in answer) throw new Error(`the index refused a search: ${JSON.stringify(answer.error)}`);
  const hits = (answer.hits?.hits ?? []).map((hit) => ({
    ...parseRef(String(hit.fields?.['ref']?.[0])),
    score: leg.kind === 'semantic' ? toCosine(hit._score ?? 0) : (hit._score ?? 0),
  }));
  const lowest = leg.kind === 'semantic' ? leg.minCosine : null;
  return lowest === null ? hits : hits.filter((hit) => hit.score >= lowest);
}

/** A fault of the engine or of a shard, and not of what it was asked. */
function isTransient({ status }: estypes.ErrorResponseBase): boolean {
  return status === 429 || status >= 500;
}

/** The engine adds 1 and halves, so that no score is negative. */
function toCosine(score: number): number {
  return 2 * score - 1;
}
