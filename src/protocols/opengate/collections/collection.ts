import { z } from 'zod';
import type { Collection } from '../../../core/collection.ts';
import { pathId, toSeconds } from '../fields.ts';

export const visibility = z
  .enum(['private', 'public'])
  .describe('Public collections are available to all users, private ones to the user who created them.');

export const collection = z.object({
  object: z.literal('collection'),
  id: z.int(),
  name: z.string(),
  owner: z.string().describe('The name of the owner, or their address if they have none.'),
  description: z.string().nullable(),
  visibility,
  created: z.int(),
  updated: z.int(),
  documents: z.int().describe('How many documents it holds.'),
});

export function presentCollection(stored: Collection): z.input<typeof collection> {
  return {
    object: 'collection',
    id: stored.id,
    name: stored.name,
    owner: stored.ownerName,
    description: stored.description,
    visibility: stored.visibility,
    created: toSeconds(stored.createdAt),
    updated: toSeconds(stored.updatedAt),
    documents: stored.documents,
  };
}

export const collectionParams = z.object({ collection_id: pathId });
