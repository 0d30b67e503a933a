import { endpoint } from '../../core/endpoint.ts';
import { issuedEndpointSchema, presentIssuedEndpoint } from './endpoint-object.ts';
import { params } from './fields.ts';
import { overlapMsOf, rotation } from './overlap.ts';

export const rotateWebhookSecret = endpoint({
  method: 'POST',
  path: '/v1/webhooks/endpoints/:id/rotate',
  permission: 'use',
  tag: 'Webhooks',
  summary: 'Give an endpoint a new secret, which is shown this once',
  params,
  body: rotation,
  response: issuedEndpointSchema,
  verb: 'rotateWebhookSecret',
  toCore: (body, { params: { id } }) => ({ id, overlapMs: overlapMsOf(body) }),
  fromCore: presentIssuedEndpoint,
});
