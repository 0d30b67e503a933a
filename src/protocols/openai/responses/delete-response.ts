import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { responseParams } from './get-response.ts';

export const deleteResponse = endpoint({
  method: 'DELETE',
  path: '/v1/responses/:id',
  permission: 'use',
  summary: 'Delete a stored response',
  tag: 'Responses',
  params: responseParams,
  response: z.object({ id: z.string(), object: z.literal('response.deleted'), deleted: z.literal(true) }),
  verb: 'deleteResponse',
  toCore: (_body, { params }) => ({ id: params.id }),
  fromCore: (_nothing, _body, { params }) => ({ id: params.id, object: 'response.deleted', deleted: true }),
});
