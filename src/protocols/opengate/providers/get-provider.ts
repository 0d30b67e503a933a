import { endpoint } from '../../../core/endpoint.ts';
import { presentProvider, provider, providerParams } from './provider.ts';

export const getProvider = endpoint({
  method: 'GET',
  path: '/v1/admin/providers/:provider_id',
  permission: 'providers',
  summary: 'Get a provider',
  tag: 'Admin',
  params: providerParams,
  response: provider,
  verb: 'getProvider',
  toCore: (_body, { params }) => ({ id: params.provider_id }),
  fromCore: presentProvider,
});
