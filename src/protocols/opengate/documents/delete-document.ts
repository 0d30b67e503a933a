import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { pathId } from '../fields.ts';

export const deleteDocument = endpoint({
  method: 'DELETE',
  path: '/v1/documents/:document_id',
  permission: 'use',
  summary: 'Delete a document of your own with its chunks',
  tag: 'Documents',
  status: 204,
  params: z.object({ document_id: pathId }),
  response: null,
  verb: 'deleteDocument',
  toCore: (_body, { params }) => ({ id: params.document_id }),
  fromCore: () => undefined,
});
