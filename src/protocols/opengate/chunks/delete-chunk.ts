import { endpoint } from '../../../core/endpoint.ts';
import { chunkParams } from './chunk.ts';

export const deleteChunk = endpoint({
  method: 'DELETE',
  path: '/v1/documents/:document_id/chunks/:chunk_id',
  permission: 'use',
  summary: 'Delete a chunk of a document of your own, if it is there',
  tag: 'Chunks',
  status: 204,
  params: chunkParams,
  response: null,
  verb: 'deleteChunk',
  toCore: (_body, { params }) => ({ documentId: params.document_id, chunkId: params.chunk_id }),
  fromCore: () => undefined,
});
