import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { assertThat } from '../../../core/errors.ts';
import { labels } from '../labels.ts';
import { filesExpiry, toMilliseconds } from './files-expiry.ts';

const count = z.int().nonnegative();

/** Ours: OpenAI has a line of JSON for every call, which is too much for a million texts. */
export const createEmbedBatch = endpoint({
  method: 'POST',
  path: '/v1/embeddings/batches',
  permission: 'use',
  summary: 'Embed a file of texts',
  tag: 'Embeddings',
  body: z.strictObject({
    input_file_id: z
      .string()
      .min(1)
      .describe(
        'A file of the purpose \'batch\' or \'user_data\': on each line a JSON string, or `{ "id"?, "text", "metadata"? }`.',
      ),
    model: z
      .string()
      .trim()
      .min(1)
      .nullish()
      .describe('Name or alias of an embedding model. Not with `collection_id`.'),
    dimensions: z.int().positive().nullish().describe('Shortens the vectors and scales them back to unit length.'),
    encoding_format: z.enum(['float', 'base64']).default('float').describe('base64 is of 32-bit little-endian floats.'),
    collection_id: z
      .int()
      .nullish()
      .describe('Makes a document of this collection, with a chunk for each text, in place of the output file.'),
    metadata: labels.nullish(),
    output_expires_after: filesExpiry
      .nullish()
      .describe('When the files of the results are deleted; 30 days after they are made unless said otherwise.'),
  }),
  response: z.object({
    object: z.literal('embedding_batch'),
    model: z.string(),
    document_id: z.int().nullable(),
    input_file_id: z.string(),
    output_file_id: z
      .string()
      .nullable()
      .describe('On each line `{ "id", "line", "embedding" }`, in the order of the input.'),
    error_file_id: z.string().nullable().describe('On each line `{ "id", "line", "error": { "code", "message" } }`.'),
    request_counts: z.object({ total: count, completed: count, failed: count }),
    usage: z.object({ prompt_tokens: count, total_tokens: count }),
  }),
  verb: 'embedBatch',
  job: { kind: 'embed_batch', always: true },
  largeBody: false,
  toCore: (body) => {
    const collectionId = body.collection_id ?? null;
    assertThat(
      (body.model == null) === (collectionId !== null),
      'invalid_request',
      'Expected either a model or a collection_id: a collection has its own model.',
      { param: 'model' },
    );
    assertThat(
      collectionId === null || body.dimensions == null,
      'invalid_request',
      'A collection has its own dimensions.',
      {
        param: 'dimensions',
      },
    );
    return {
      inputFileId: body.input_file_id,
      model: body.model ?? null,
      collectionId,
      dimensions: body.dimensions ?? null,
      encoding: body.encoding_format,
      metadata: body.metadata ?? {},
      filesExpireAfterMs: toMilliseconds(body.output_expires_after),
    };
  },
  fromCore: ({ id, batch, subject }) => {
    if (!batch) throw new Error(`job ${id} is no batch`);
    const { promptTokens } = batch.usage;
    return {
      object: 'embedding_batch',
      model: batch.model ?? '',
      document_id: subject?.documentId ?? null,
      input_file_id: batch.inputFileId,
      output_file_id: batch.outputFileId,
      error_file_id: batch.errorFileId,
      request_counts: { ...batch.counts },
      usage: { prompt_tokens: promptTokens, total_tokens: promptTokens },
    };
  },
});
