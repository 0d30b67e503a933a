import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { listOf, paging, pathId, toList, toPage } from '../fields.ts';
import { presentProvider, provider } from './provider.ts';

const columns = { id: 'id', model_name: 'modelName', created: 'created' } as const;

export const listProviders = endpoint({
  method: 'GET',
  path: '/v1/admin/providers',
  permission: 'providers',
  summary: 'List providers',
  tag: 'Admin',
  query: z.object({
    router: pathId.optional().describe('Those behind this router.'),
    ...paging(['id', 'model_name', 'created']),
  }),
  response: listOf(provider),
  verb: 'listProviders',
  toCore: (_body, { query }) => {
    const page = toPage(query);
    return { ...page, orderBy: columns[page.orderBy], routerId: query.router ?? null };
  },
  fromCore: ({ providers, total }, _body, { query }) => toList(providers.map(presentProvider), total, query),
});
