import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { listOf, paging, toList, toPage } from '../fields.ts';
import { presentRouter, router } from './router.ts';

export const listRouters = endpoint({
  method: 'GET',
  path: '/v1/admin/routers',
  permission: 'admin',
  summary: 'List routers',
  tag: 'Admin',
  query: z.object(paging(['id', 'name', 'created'])),
  response: listOf(router),
  verb: 'listRouters',
  toCore: (_body, { query }) => toPage(query),
  fromCore: ({ routers, total }, _body, { query }) => toList(routers.map(presentRouter), total, query),
});
