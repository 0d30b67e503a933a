import { endpoint } from '../../../core/endpoint.ts';
import { batchSchema, presentBatch } from './batch-object.ts';
import { batchParams } from './get-batch.ts';

export const cancelBatch = endpoint({
  method: 'POST',
  path: '/v1/batches/:id/cancel',
  permission: 'use',
  summary: 'Cancel a batch; what has been answered is kept',
  tag: 'Batches',
  params: batchParams,
  response: batchSchema,
  verb: 'cancelBatch',
  toCore: (_body, { params }) => ({ id: params.id }),
  fromCore: presentBatch,
});
