import { z } from 'zod';
import { endpoint } from '../../core/endpoint.ts';
import { deliveryStatuses } from '../../core/webhook.ts';
import { deliverySchema, presentDelivery } from './delivery-object.ts';
import { listSchema, pageQuery, presentList, toPage } from './fields.ts';

export const listWebhookDeliveries = endpoint({
  method: 'GET',
  path: '/v1/webhooks/deliveries',
  permission: 'use',
  tag: 'Webhooks',
  summary: 'List what was sent, to whom, and what came of each attempt; kept for 30 days',
  query: z.strictObject({
    ...pageQuery,
    endpoint_id: z.string().optional(),
    job_id: z.string().optional(),
    event_type: z.string().optional(),
    status: z.enum(deliveryStatuses).optional(),
  }),
  response: listSchema(deliverySchema),
  verb: 'listWebhookDeliveries',
  toCore: (_body, { query }) => ({
    ...toPage(query),
    endpointId: query.endpoint_id ?? null,
    jobId: query.job_id ?? null,
    eventType: query.event_type ?? null,
    status: query.status ?? null,
  }),
  fromCore: ({ deliveries, hasMore }) => presentList(deliveries.map(presentDelivery), hasMore),
});
