import { endpoint } from '../../../core/endpoint.ts';
import { collectionParams } from './collection.ts';

export const deleteCollection = endpoint({
  method: 'DELETE',
  path: '/v1/collections/:collection_id',
  permission: 'use',
  summary: 'Delete a collection of your own with everything in it',
  tag: 'Collections',
  status: 204,
  params: collectionParams,
  response: null,
  verb: 'deleteCollection',
  toCore: (_body, { params }) => ({ id: params.collection_id }),
  fromCore: () => undefined,
});
