import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { listOf, pathId, toList, window } from '../fields.ts';
import { chunk, documentParams, presentChunk } from './chunk.ts';

export const listChunks = endpoint({
  method: 'GET',
  path: '/v1/documents/:document_id/chunks',
  permission: 'use',
  summary: 'List the chunks of a document in their order',
  tag: 'Chunks',
  params: documentParams,
  query: z.object(window),
  response: listOf(chunk),
  verb: 'listChunks',
  toCore: (_body, { params, query }) => ({ documentId: params.document_id, ...query }),
  fromCore: ({ chunks, total }, _body, { query }) => toList(chunks.map(presentChunk), total, query),
});

export const listChunksByOldPath = endpoint({
  method: 'GET',
  path: '/v1/chunks/:document',
  permission: 'use',
  summary: 'List the chunks of a document; use /v1/documents/{document_id}/chunks',
  tag: 'Chunks',
  deprecated: true,
  params: z.object({ document: pathId }),
  query: z.object(window),
  response: listOf(chunk),
  verb: 'listChunks',
  toCore: (_body, { params, query }) => ({ documentId: params.document, ...query }),
  fromCore: ({ chunks, total }, _body, { query }) => toList(chunks.map(presentChunk), total, query),
});
