import type { CollectionRepository } from '../../adapters/mongo/collections.ts';
import type { Verbs } from '../../core/verbs.ts';
import { type FindDependencies, findHits } from './find-hits.ts';
import { type PlanDependencies, planSearch } from './plan.ts';
import { collectionsInScope } from './scope.ts';
import { checkedQuery } from './validate.ts';

export interface SearchDependencies extends PlanDependencies, FindDependencies {
  collections: CollectionRepository;
}

/** Search by words, by meaning or both. */
export function createSearch(deps: SearchDependencies): Verbs['search'] {
  return async (request, call) => {
    const query = checkedQuery(request);
    const collections = await collectionsInScope(deps, request.collectionIds, call.principal);
    const { legs, usage, bill } = await planSearch(deps, request, query, collections, call);
    const ids = collections.map((collection) => collection._id);
    const hits = legs.length === 0 ? [] : await findHits(deps, request, legs, ids, call.signal);
    return { hits, usage, bill };
  };
}
