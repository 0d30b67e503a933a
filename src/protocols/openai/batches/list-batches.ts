import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { pageOf, toPage } from '../stored-chats/page.ts';
import { batchSchema, presentBatch } from './batch-object.ts';

export const listBatches = endpoint({
  method: 'GET',
  path: '/v1/batches',
  permission: 'use',
  summary: 'List the batches, the latest first',
  tag: 'Batches',
  query: z.looseObject({
    after: z.string().optional().describe('Answers what follows the batch of this id.'),
    limit: z.coerce.number().int().min(1).max(100).default(20),
  }),
  response: pageOf(batchSchema),
  verb: 'listBatches',
  toCore: (_body, { query }) => ({ after: query.after ?? null, limit: query.limit }),
  fromCore: ({ jobs, hasMore }) => toPage(jobs.map(presentBatch), hasMore),
});
