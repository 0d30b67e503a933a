import { cancelBatch } from './cancel-batch.ts';
import { createBatch } from './create-batch.ts';
import { createEmbedBatch } from './embed-batch.ts';
import { getBatch } from './get-batch.ts';
import { listBatches } from './list-batches.ts';

/** Many calls by one file. */
export const batches = [createBatch, listBatches, getBatch, cancelBatch, createEmbedBatch];
