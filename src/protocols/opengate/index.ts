import type { Dialect } from '../../core/endpoint.ts';
import { authEndpoints } from './auth.ts';
import { chunkEndpoints } from './chunks/index.ts';
import { collectionEndpoints } from './collections/index.ts';
import { documentEndpoints } from './documents/index.ts';
import { renderError } from './errors.ts';
import { keyEndpoints } from './keys.ts';
import { meEndpoints } from './me.ts';
import { providerEndpoints } from './providers/index.ts';
import { routerEndpoints } from './routers/index.ts';
import { search } from './search/search.ts';
import { tokenEndpoints } from './tokens.ts';
import { listUsage } from './usage.ts';
import { userEndpoints } from './users.ts';

const prefixes = ['/v1/me', '/v1/admin', '/v1/auth', '/v1/collections', '/v1/documents', '/v1/chunks', '/v1/search'];

/** The identity and retrieval API of OpenGateLLM (specification S4). */
export const opengate: Dialect = {
  name: 'opengate',
  endpoints: [
    ...meEndpoints,
    ...keyEndpoints,
    listUsage,
    ...authEndpoints,
    ...userEndpoints,
    ...tokenEndpoints,
    ...routerEndpoints,
    ...providerEndpoints,
    ...collectionEndpoints,
    ...documentEndpoints,
    ...chunkEndpoints,
    search,
  ],
  owns: (path) => prefixes.some((prefix) => path === prefix || path.startsWith(`${prefix}/`)),
  renderError,
};
