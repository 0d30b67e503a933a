import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { pathIndex } from '../fields.ts';
import { document, presentDocument } from './document.ts';

export const getDocument = endpoint({
  method: 'GET',
  path: '/v1/documents/:document_id',
  permission: 'use',
  summary: 'Get a document with the progress of its ingestion',
  tag: 'Documents',
  params: z.object({ document_id: pathIndex }),
  response: document,
  verb: 'getDocument',
  toCore: (_body, { params }) => ({ id: params.document_id }),
  fromCore: presentDocument,
});
