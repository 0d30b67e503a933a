import { z } from 'zod';
import { pathIndex } from '../fields.ts';

/** Beyond the specification: the Markdown that chunks were cut from. Its body is streamed, so a route answers it. */
export const getDocumentContent = {
  method: 'GET',
  path: '/v1/documents/:document_id/content',
  permission: 'use',
  summary: 'Read the Markdown of a document; the offsets of its chunks count in it',
  tag: 'Documents',
  params: z.object({ document_id: pathIndex }),
  response: z.string(),
} as const;
