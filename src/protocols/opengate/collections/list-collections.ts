import { z } from 'zod';
import { endpoint } from '../../../core/endpoint.ts';
import { listOf, paging, text, toList, toPage } from '../fields.ts';
import { collection, presentCollection, visibility } from './collection.ts';

export const listCollections = endpoint({
  method: 'GET',
  path: '/v1/collections',
  permission: 'use',
  summary: 'List your collections and all public ones',
  tag: 'Collections',
  query: z.object({
    name: text.optional().describe('The exact name.'),
    visibility: visibility.optional().describe('Your own collections of this kind only.'),
    ...paging(['id', 'name', 'created', 'updated']),
  }),
  response: listOf(collection),
  verb: 'listCollections',
  toCore: (_body, { query }) => ({
    ...toPage(query),
    name: query.name ?? null,
    visibility: query.visibility ?? null,
  }),
  fromCore: ({ collections, total }, _body, { query }) => toList(collections.map(presentCollection), total, query),
});
