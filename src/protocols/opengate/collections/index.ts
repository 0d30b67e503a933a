import { createCollection } from './create-collection.ts';
import { deleteCollection } from './delete-collection.ts';
import { getCollection } from './get-collection.ts';
import { listCollections } from './list-collections.ts';
import { updateCollection } from './update-collection.ts';

export const collectionEndpoints = [
  createCollection,
  listCollections,
  getCollection,
  updateCollection,
  deleteCollection,
];
