import { assertThat } from '../../core/errors.ts';
import { maxSearchDepth } from '../../core/fusion.ts';
import type { SearchRequest } from '../../core/search.ts';

/** Code points of a query: far more than any embedding model reads, few enough for the index to take as words. */
const maxQueryLength = 8_192;

/** Throws for what cannot be searched; answers the query without white space around it. */
export function checkedQuery(request: SearchRequest): string {
  const query = request.query.trim();
  assertThat(query !== '', 'invalid_request', 'query or prompt must be provided', { param: 'query' });
  const length = query.length <= maxQueryLength ? query.length : [...query].length;
  assertThat(
    length <= maxQueryLength,
    'invalid_request',
    `A query may have ${maxQueryLength} characters, and this one has ${length}.`,
    { param: 'query' },
  );
  const depth = request.offset + request.limit;
  assertThat(
    depth <= maxSearchDepth,
    'invalid_request',
    `A search goes ${maxSearchDepth} results deep: offset + limit is ${depth}.`,
    { param: 'offset' },
  );
  assertThat(
    request.scoreThreshold === 0 || request.method === 'semantic',
    'unsupported_operation',
    'Score threshold is only available for semantic search method',
    { param: 'score_threshold' },
  );
  return query;
}
