import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { batchSchema, presentBatch } from './batch-object.ts';

/** Any text is looked up; one that cannot be the id of a batch is answered like a batch that is not there. */
export const batchParams = z.object({ id: z.string() });

export const getBatch = endpoint({
  method: 'GET',
  path: '/v1/batches/:id',
  permission: 'use',
  summary: 'A batch as it is now',
  tag: 'Batches',
  params: batchParams,
  response: batchSchema,
  verb: 'getBatch',
  toCore: (_body, { params }) => ({ id: params.id }),
  fromCore: presentBatch,
});
