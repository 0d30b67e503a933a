import { z } from 'zod';
import { endpoint, type JobView } from '../../../core/endpoint.ts';
import { labels } from '../labels.ts';
import { batchSchema, presentBatch } from './batch-object.ts';
import { filesExpiry, toMilliseconds } from './files-expiry.ts';

/** Those of OpenAI's that take lines of JSON. One that is not served here is refused by name. */
const targets = [
  '/v1/chat/completions',
  '/v1/responses',
  '/v1/embeddings',
  '/v1/completions',
  '/v1/moderations',
] as const;

/** A batch always is a job; this is what its caller sees of it. */
const view: JobView = { wanted: () => true, present: presentBatch };

export const createBatch = endpoint({
  method: 'POST',
  path: '/v1/batches',
  permission: 'use',
  summary: 'Run many calls from a file',
  tag: 'Batches',
  body: z.looseObject({
    input_file_id: z.string().min(1).describe("A file of the purpose 'batch': one call as JSON on each line."),
    endpoint: z.enum(targets).describe('What every line calls.'),
    completion_window: z.literal('24h'),
    metadata: labels.nullish(),
    output_expires_after: filesExpiry
      .nullish()
      .describe('When the files of the batch are deleted; 30 days after they are made unless said otherwise.'),
  }),
  response: batchSchema,
  verb: 'createBatch',
  job: { kind: 'batch', view },
  largeBody: false,
  toCore: (body) => ({
    inputFileId: body.input_file_id,
    target: body.endpoint,
    completionWindow: body.completion_window,
    metadata: body.metadata ?? {},
    filesExpireAfterMs: toMilliseconds(body.output_expires_after),
  }),
  fromCore: presentBatch,
});
