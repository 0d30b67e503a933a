import type { CollectionRepository } from '../../adapters/mongo/collections.ts';
import type { CollectionRecord } from '../../adapters/mongo/library-record.ts';
import { mayRead, type Principal } from '../../core/access.ts';
import { assertThat } from '../../core/errors.ts';
import { readableCollections } from '../collections/find.ts';

/** As many as one query of the index may name. */
const maxCollections = 65_536;

/**
 * The collections a search looks into: those asked for, each of which the caller must be able to read, or else all
 * that they can. Never more, and when that is none, none.
 */
export async function collectionsInScope(
  deps: { collections: CollectionRepository },
  wanted: readonly number[],
  principal: Principal,
): Promise<CollectionRecord[]> {
  if (wanted.length === 0) {
    const all = await readableCollections(deps, principal);
    assertThat(
      all.length <= maxCollections,
      'invalid_request',
      `You can read ${all.length} collections; name at most ${maxCollections} of them.`,
      { param: 'collection_ids' },
    );
    return all;
  }
  const ids = [...new Set(wanted)];
  const found = (await deps.collections.findMany(ids)).filter((collection) => mayRead(principal, collection));
  const missing = ids.find((id) => !found.some((collection) => collection._id === id));
  assertThat(missing === undefined, 'not_found', `Collection ${missing} not found.`);
  return found;
}
