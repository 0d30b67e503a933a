import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { listOf, paging, pathId, text, toList, toPage } from '../fields.ts';
import { documentSummary, presentSummary } from './document.ts';

export const listDocuments = endpoint({
  method: 'GET',
  path: '/v1/documents',
  permission: 'use',
  summary: 'List your documents and those of public collections',
  tag: 'Documents',
  query: z.object({
    name: text.optional().describe('The exact name.'),
    collection_id: pathId.optional(),
    ...paging(['id', 'name', 'created']),
  }),
  response: listOf(documentSummary),
  verb: 'listDocuments',
  toCore: (_body, { query }) => ({
    ...toPage(query),
    name: query.name ?? null,
    collectionId: query.collection_id ?? null,
  }),
  fromCore: ({ documents, total }, _body, { query }) => toList(documents.map(presentSummary), total, query),
});
