import type { IndexHit } from '../../adapters/elasticsearch/search.ts';
import { chunkKey, type FusedHit, fuse } from '../../core/fusion.ts';
import type { SearchHit, SearchRequest } from '../../core/search.ts';
import type { WeightedLeg } from './plan.ts';

/** A hit in its place, before its text is read. */
export interface RankedHit extends IndexHit {
  legs: SearchHit['legs'];
}

/**
 * The page that was asked for, best first. A single list stands as it is, under its own scores. Several are fused by
 * rank before the page is cut: lists of words and of meaning under the fused score; lists of meaning by different
 * models under each hit's own cosine.
 */
export function rankPage(
  { method, rankConstant, offset, limit }: Pick<SearchRequest, 'method' | 'rankConstant' | 'offset' | 'limit'>,
  legs: readonly WeightedLeg[],
  lists: readonly (readonly IndexHit[])[],
): RankedHit[] {
  const [only, second] = lists;
  if (second === undefined) return (only ?? []).slice(offset, offset + limit).map((hit) => ({ ...hit, legs: null }));

  const keyed = lists.map((list) => list.map((hit) => ({ key: keyOf(hit), score: hit.score, hit })));
  const hits = new Map(keyed.flat().map(({ key, hit }) => [key, hit]));
  const fused = fuse(
    keyed.map((list, index) => ({ weight: legs[index]?.weight ?? 0, hits: list })),
    { rankConstant },
  );
  return fused.slice(offset, offset + limit).flatMap((place) => {
    const hit = hits.get(place.key);
    if (!hit) return [];
    if (method !== 'hybrid') return [{ ...hit, legs: null }];
    return [{ ...hit, score: place.score, legs: placesOf(place, legs) }];
  });
}

function placesOf({ places }: FusedHit, legs: readonly WeightedLeg[]): RankedHit['legs'] {
  const placeIn = (kind: WeightedLeg['leg']['kind']) =>
    places.find((place, index) => place !== null && legs[index]?.leg.kind === kind) ?? null;
  return { lexical: placeIn('lexical'), semantic: placeIn('semantic') };
}

/** The index may hold a chunk in two versions of its document, of which one will turn out not to be shown. */
function keyOf({ documentId, chunkId, version }: IndexHit): string {
  return `${chunkKey(documentId, chunkId)}/${version}`;
}
