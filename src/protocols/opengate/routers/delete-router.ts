import { endpoint } from '../../../core/endpoint.ts';
import { presentRouter, router, routerParams } from './router.ts';

export const deleteRouter = endpoint({
  method: 'DELETE',
  path: '/v1/admin/routers/:router_id',
  permission: 'admin',
  summary: 'Delete a router with its providers, and what roles say about it',
  tag: 'Admin',
  params: routerParams,
  response: router,
  verb: 'deleteRouter',
  toCore: (_body, { params }) => ({ id: params.router_id }),
  fromCore: presentRouter,
});
