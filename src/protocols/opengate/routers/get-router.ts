import { endpoint } from '../../../core/endpoint.ts';
import { presentRouter, router, routerParams } from './router.ts';

export const getRouter = endpoint({
  method: 'GET',
  path: '/v1/admin/routers/:router_id',
  permission: 'admin',
  summary: 'Get a router',
  tag: 'Admin',
  params: routerParams,
  response: router,
  verb: 'getRouter',
  toCore: (_body, { params }) => ({ id: params.router_id }),
  fromCore: presentRouter,
});
