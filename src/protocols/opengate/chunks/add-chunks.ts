import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { metadata } from '../../../core/metadata.ts';
import { documentParams } from './chunk.ts';

const maxChunks = 64;

export const addChunks = endpoint({
  method: 'POST',
  path: '/v1/documents/:document_id/chunks',
  permission: 'use',
  summary: 'Fill a document with chunks; a search finds them at once',
  tag: 'Chunks',
  status: 201,
  params: documentParams,
  body: z.looseObject({
    chunks: z
      .array(
        z.looseObject({
          content: z
            .string()
            .min(1)
            .refine((content) => content.trim() !== '', 'Expected text, got white space only.'),
          metadata: metadata.nullish(),
        }),
      )
      .min(1)
      .max(maxChunks),
  }),
  response: z.object({ document_id: z.int(), ids: z.array(z.int()).describe('Ids of the chunks, in their order.') }),
  verb: 'addChunks',
  job: { kind: 'call' },
  toCore: (body, { params }) => ({
    documentId: params.document_id,
    chunks: body.chunks.map((chunk) => ({ content: chunk.content, metadata: chunk.metadata ?? null })),
  }),
  fromCore: ({ ids }, _body, { params }) => ({ document_id: params.document_id, ids: ids.slice() }),
});
