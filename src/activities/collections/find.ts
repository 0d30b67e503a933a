import type { CollectionRepository } from '../../adapters/mongo/collections.ts';
import type { CollectionRecord } from '../../adapters/mongo/library-record.ts';
import { mayRead, mayWrite, type Principal } from '../../core/access.ts';
import { GatewayError } from '../../core/errors.ts';

interface Dependencies {
  collections: CollectionRepository;
}

/** A collection of the caller's own or a public one. Anybody else's is as unknown as one that never was. */
export async function readableCollection(
  deps: Dependencies,
  principal: Principal,
  id: number,
): Promise<CollectionRecord> {
  const collection = await deps.collections.find(id);
  if (!collection || !mayRead(principal, collection)) throw new GatewayError('not_found', 'Collection not found.');
  return collection;
}

/** Throws `not_found` unless the caller may put documents into the collection. */
export async function assertWritableCollection(
  deps: Dependencies,
  principal: Principal,
  id: number,
): Promise<CollectionRecord> {
  const collection = await deps.collections.find(id);
  if (!collection || !mayWrite(principal, collection)) throw new GatewayError('not_found', 'Collection not found.');
  return collection;
}

/** Everything the caller may look into; for the master key, which owns nothing, nothing. */
export async function readableCollections(deps: Dependencies, principal: Principal): Promise<CollectionRecord[]> {
  const collections = principal.kind === 'user' ? await deps.collections.readableBy(principal.userId) : [];
  return collections.filter((collection) => mayRead(principal, collection));
}
