import type { CollectionRepository } from '../../adapters/mongo/collections.ts';
import type { SearchRequest } from '../../core/search.ts';
import type { Admission } from '../admissions.ts';
import { collectionsInScope } from './scope.ts';
import { checkedQuery } from './validate.ts';

/** A job is refused at once for what its call would be refused for. */
export function createSearchAdmission(deps: { collections: CollectionRepository }): Admission<SearchRequest> {
  return {
    async admit(request, call) {
      checkedQuery(request);
      await collectionsInScope(deps, request.collectionIds, call.principal);
      return null;
    },
  };
}
