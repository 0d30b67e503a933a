import { endpoint } from '../../../core/endpoint.ts';
import { collection, collectionParams, presentCollection } from './collection.ts';

export const getCollection = endpoint({
  method: 'GET',
  path: '/v1/collections/:collection_id',
  permission: 'use',
  summary: 'Get a collection of your own or a public one',
  tag: 'Collections',
  params: collectionParams,
  response: collection,
  verb: 'getCollection',
  toCore: (_body, { params }) => ({ id: params.collection_id }),
  fromCore: presentCollection,
});
