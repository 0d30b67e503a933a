/**
 * Reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009) with weights: `score = sum of weight / (k + rank)` over
 * the lists a hit is in, rank counted from 1. Only ranks count, so lists of unlike scores can be merged. Cut pages
 * from the fused list, never from the lists that go in.
 */

/** One search's answer, best first. */
export interface RankedList {
  /** At least 0; 0 takes the list out. */
  weight: number;
  /** `key` says what is the same hit in two lists; see `chunkKey`. A key that comes twice counts where it is first. */
  hits: readonly { key: string; score: number }[];
}

export interface FusedHit {
  key: string;
  score: number;
  /** Where the hit stands in each list, in the order the lists were given; null where it does not appear. */
  places: ({ rank: number; score: number } | null)[];
}

/** Largest `offset + limit` of a search: deeper pages would need windows that an index is slow at. */
export const maxSearchDepth = 1_000;

const usualDepth = 300;

/**
 * How many hits to ask each list for that is fused with others. It does not grow from page to page: a longer list
 * changes what is first, and pages that were cut from different lists would skip hits and repeat them. Only where the
 * first window ends, which is far beyond what people read, does a longer one begin.
 */
export function fusionWindow(offset: number, limit: number): number {
  return offset + limit <= usualDepth ? usualDepth : maxSearchDepth;
}

/** The fused hits, best first. Ties go to the better best rank, then to the smaller key. `rankConstant` may be 0. */
export function fuse(lists: readonly RankedList[], { rankConstant }: { rankConstant: number }): FusedHit[] {
  const found = new Map<string, { places: FusedHit['places']; terms: number[]; bestRank: number }>();
  for (const [list, { weight, hits }] of lists.entries()) {
    if (weight === 0) continue;
    for (const [index, { key, score }] of hits.entries()) {
      const rank = index + 1;
      const entry = found.get(key) ?? { places: lists.map(() => null), terms: [], bestRank: rank };
      if (entry.places[list]) continue;
      entry.places[list] = { rank, score };
      entry.terms.push(weight / (rankConstant + rank));
      entry.bestRank = Math.min(entry.bestRank, rank);
      found.set(key, entry);
    }
  }
  return Array.from(found, ([key, { places, terms, bestRank }]) => ({ key, score: sum(terms), places, bestRank }))
    .sort((a, b) => b.score - a.score || a.bestRank - b.bestRank || (a.key < b.key ? -1 : 1))
    .map(({ key, score, places }) => ({ key, score, places }));
}

/** The key of a chunk in a fusion. Fixed widths: no two pairs share a key, and keys sort by document, then chunk. */
export function chunkKey(documentId: number, chunkId: number): string {
  return [documentId, chunkId].map((id) => String(id).padStart(16, '0')).join('/');
}

/** In order of size, so that the order of the lists cannot change the last bit. */
function sum(terms: readonly number[]): number {
  return terms.toSorted((a, b) => a - b).reduce((total, term) => total + term, 0);
}
