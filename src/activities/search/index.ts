import type { ChunkIndex } from '../../adapters/elasticsearch/chunk-index.ts';
import type { ChunkRef } from '../../adapters/elasticsearch/chunk-ref.ts';
import type { ChunkBatchRepository } from '../../adapters/mongo/chunk-batches.ts';
import type { CollectionRepository } from '../../adapters/mongo/collections.ts';
import type { DocumentRepository } from '../../adapters/mongo/documents.ts';
import type { SearchHit } from '../../core/search.ts';
import type { Verbs } from '../../core/verbs.ts';
import { readPage } from './page.ts';
import { type PlanDependencies, planSearch } from './plan.ts';
import { rank } from './rank.ts';
import { collectionsInScope } from './scope.ts';
import { createSnapshot } from './snapshot.ts';
import { checkedQuery } from './validate.ts';

export interface SearchDependencies extends PlanDependencies {
  collections: CollectionRepository;
  documents: DocumentRepository;
  chunkBatches: ChunkBatchRepository;
  chunkIndex: ChunkIndex;
}

/** Rounds after which a search answers what it has, though more may be found. */
const maxRounds = 5;

/**
 * Search by words, by meaning or both. The index proposes, the stored documents decide: what is not published, or gone
 * since it was indexed, is left out and the search asked again without it, so that the page is full all the same.
 */
export function createSearch(deps: SearchDependencies): Verbs['search'] {
  return async (request, call) => {
    const query = checkedQuery(request);
    const collections = await collectionsInScope(deps, request.collectionIds, call.principal);
    const { legs, usage } = await planSearch(deps, request, query, collections, call);
    if (legs.length === 0) return { hits: [], usage };

    const snapshot = createSnapshot(deps, new Set(collections.map((collection) => collection._id)));
    const excluded: { versions: ChunkRef[]; chunks: ChunkRef[] } = { versions: [], chunks: [] };
    for (let round = 1; ; round += 1) {
      const lists = await deps.chunkIndex.search(
        legs.map(({ leg }) => leg),
        excluded,
        call.signal,
      );
      await snapshot.learn(lists.flat());
      const hidden = lists.flat().filter((hit) => !snapshot.shows(hit));
      if (hidden.length > 0 && round < maxRounds) {
        excluded.versions.push(...hidden);
        continue;
      }
      const shown = lists.map((list) => list.filter((hit) => snapshot.shows(hit)));
      const page = rank(request, legs, shown).slice(request.offset, request.offset + request.limit);
      const chunks = await readPage(deps, page);
      const gone = page.filter((hit) => !chunks.has(hit));
      if (gone.length > 0 && round < maxRounds) {
        excluded.chunks.push(...gone);
        continue;
      }
      const hits = page.flatMap((hit): SearchHit[] => {
        const chunk = chunks.get(hit);
        return chunk ? [{ method: request.method, score: hit.score, chunk, legs: hit.legs }] : [];
      });
      return { hits, usage };
    }
  };
}
