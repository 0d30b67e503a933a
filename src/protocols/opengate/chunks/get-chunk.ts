import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { pathId, pathIndex } from '../fields.ts';
import { chunk, chunkParams, presentChunk } from './chunk.ts';

export const getChunk = endpoint({
  method: 'GET',
  path: '/v1/documents/:document_id/chunks/:chunk_id',
  permission: 'use',
  summary: 'Get a chunk of a document',
  tag: 'Chunks',
  params: chunkParams,
  response: chunk,
  verb: 'getChunk',
  toCore: (_body, { params }) => ({ documentId: params.document_id, chunkId: params.chunk_id }),
  fromCore: presentChunk,
});

export const getChunkByOldPath = endpoint({
  method: 'GET',
  path: '/v1/chunks/:document/:chunk',
  permission: 'use',
  summary: 'Get a chunk of a document; use /v1/documents/{document_id}/chunks/{chunk_id}',
  tag: 'Chunks',
  deprecated: true,
  params: z.object({ document: pathId, chunk: pathIndex }),
  response: chunk,
  verb: 'getChunk',
  toCore: (_body, { params }) => ({ documentId: params.document, chunkId: params.chunk }),
  fromCore: presentChunk,
});
