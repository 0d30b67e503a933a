import { endpoint } from '../../../core/endpoint.ts';
import { presentProvider, provider, providerParams } from './provider.ts';

export const deleteProvider = endpoint({
  method: 'DELETE',
  path: '/v1/admin/providers/:provider_id',
  permission: 'admin',
  summary: 'Take a provider from its router',
  tag: 'Admin',
  params: providerParams,
  response: provider,
  verb: 'deleteProvider',
  toCore: (_body, { params }) => ({ id: params.provider_id }),
  fromCore: presentProvider,
});
