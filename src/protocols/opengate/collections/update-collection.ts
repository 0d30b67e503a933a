import { z } from 'zod';
import type { CollectionChanges } from '../../../core/collection.ts';
import { endpoint } from '../../../core/endpoint.ts';
import { text } from '../fields.ts';
import { collectionParams, visibility } from './collection.ts';

const body = z.looseObject({
  name: text.nullish().describe('Null or left out: unchanged.'),
  description: z.string().nullish().describe('Null clears it; left out: unchanged.'),
  visibility: visibility.nullish().describe('Null or left out: unchanged.'),
});

export const updateCollection = endpoint({
  method: 'PATCH',
  path: '/v1/collections/:collection_id',
  permission: 'use',
  summary: 'Change a collection of your own',
  tag: 'Collections',
  status: 204,
  params: collectionParams,
  body,
  response: null,
  verb: 'updateCollection',
  toCore: (changes, { params }) => ({ id: params.collection_id, changes: toChanges(changes) }),
  fromCore: () => undefined,
});

function toChanges({ name, description, visibility: shown }: z.output<typeof body>): CollectionChanges {
  return {
    ...(name != null && { name }),
    ...(description !== undefined && { description }),
    ...(shown != null && { visibility: shown }),
  };
}
