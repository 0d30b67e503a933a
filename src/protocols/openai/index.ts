import type { Dialect } from '../../core/endpoint.ts';
import { renderError } from '../jobs/errors.ts';
import { createEmbeddings } from './embeddings.ts';
import { rerank } from './rerank.ts';

/** OpenAI's API. Last in the list: what is under `/v1/` and nobody else's is answered in its words. */
export const openai: Dialect = {
  name: 'openai',
  endpoints: [createEmbeddings, rerank],
  owns: (path) => path.startsWith('/v1/'),
  renderError,
};
