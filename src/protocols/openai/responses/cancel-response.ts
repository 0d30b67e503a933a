import { endpoint } from '../../../core/endpoint.ts';
import { presentView, responseParams } from './get-response.ts';
import { responseSchema } from './schemas.ts';

export const cancelResponse = endpoint({
  method: 'POST',
  path: '/v1/responses/:id/cancel',
  permission: 'use',
  summary: 'Cancel a response in the background',
  tag: 'Responses',
  params: responseParams,
  response: responseSchema,
  verb: 'cancelResponse',
  toCore: (_body, { params }) => ({ id: params.id }),
  fromCore: (view) => presentView(view, {}),
});
