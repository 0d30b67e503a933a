import { z } from 'zod';
import { endpoint } from '../../core/endpoint.ts';
import { endpointSchema, presentEndpoint } from './endpoint-object.ts';
import { listSchema, pageQuery, presentList, toPage } from './fields.ts';

export const listWebhookEndpoints = endpoint({
  method: 'GET',
  path: '/v1/webhooks/endpoints',
  permission: 'use',
  tag: 'Webhooks',
  summary: "List the caller's endpoints",
  query: z.strictObject(pageQuery),
  response: listSchema(endpointSchema),
  verb: 'listWebhookEndpoints',
  toCore: (_body, { query }) => toPage(query),
  fromCore: ({ endpoints, hasMore }) => presentList(endpoints.map(presentEndpoint), hasMore),
});
