import { z } from 'zod';
import { endpoint } from '../../core/endpoint.ts';
import { allEvents } from '../../core/webhooks/filter.ts';
import { receiverFields } from '../jobs/webhook.ts';
import { issuedEndpointSchema, presentIssuedEndpoint } from './endpoint-object.ts';

const { url, events, payload, description } = receiverFields;

export const createWebhookEndpoint = endpoint({
  method: 'POST',
  path: '/v1/webhooks/endpoints',
  permission: 'use',
  tag: 'Webhooks',
  summary: 'Be told of what happens to your jobs; the secret is shown this once',
  status: 201,
  body: z.strictObject({
    url,
    events: events.default([...allEvents]),
    payload: payload.default('thin'),
    description: description.default(null),
  }),
  response: issuedEndpointSchema,
  verb: 'createWebhookEndpoint',
  toCore: (body) => body,
  fromCore: presentIssuedEndpoint,
});
