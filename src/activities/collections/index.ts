import type { CollectionRepository } from '../../adapters/mongo/collections.ts';
import type { Counters } from '../../adapters/mongo/counters.ts';
import type { DocumentRepository } from '../../adapters/mongo/documents.ts';
import type { CollectionRecord } from '../../adapters/mongo/library-record.ts';
import type { UserRepository } from '../../adapters/mongo/users.ts';
import type { Config } from '../../config.ts';
import { has, ownerOf, type Principal } from '../../core/access.ts';
import type { Collection, Visibility } from '../../core/collection.ts';
import { assertThat } from '../../core/errors.ts';
import type { DocumentVerbs } from '../../core/verbs.ts';
import { type DeletionDependencies, promiseDeletion } from '../documents/deletion.ts';
import { assertWritableCollection, readableCollection } from './find.ts';

export interface CollectionDependencies extends DeletionDependencies {
  config: Pick<Config, 'models'>;
  clock: { now(): number };
  counters: Counters;
  collections: CollectionRepository;
  documents: DocumentRepository;
  users: UserRepository;
}

type CollectionVerbs = Pick<
  DocumentVerbs,
  'createCollection' | 'listCollections' | 'getCollection' | 'updateCollection' | 'deleteCollection'
>;

export function createCollectionVerbs(deps: CollectionDependencies): CollectionVerbs {
  return {
    async createCollection({ name, description, visibility }, call) {
      const ownerId = ownerOf(call.principal, 'collection');
      assertMayShow(call.principal, visibility);
      const id = await deps.counters.next('collection');
      const now = deps.clock.now();
      await deps.collections.insert({
        _id: id,
        ownerId,
        name,
        description,
        visibility,
        embeddingModel: deps.config.models.embedding,
        dimensions: null,
        createdAt: now,
        updatedAt: now,
      });
      return { id };
    },

    async listCollections(query, call) {
      if (call.principal.kind !== 'user') return { collections: [], total: 0 };
      const { records, total } = await deps.collections.list(call.principal.userId, query);
      return { collections: await toCollections(records), total };
    },

    async getCollection({ id }, call) {
      const record = await readableCollection(deps, call.principal, id);
      return toCollection(record, await lookUp([record]));
    },

    async updateCollection({ id, changes }, call) {
      const { ownerId } = await assertWritableCollection(deps, call.principal, id);
      if (changes.visibility !== undefined) assertMayShow(call.principal, changes.visibility);
      await deps.collections.update(ownerId, id, changes, deps.clock.now());
    },

    async deleteCollection({ id }, call) {
      const { ownerId } = await assertWritableCollection(deps, call.principal, id);
      const target = { ownerId, collectionId: id, documentId: null, belowVersion: null };
      await promiseDeletion(deps, target, () => deps.collections.remove(ownerId, id), call);
    },
  };

  async function toCollections(records: readonly CollectionRecord[]): Promise<Collection[]> {
    const known = await lookUp(records);
    return records.map((record) => toCollection(record, known));
  }

  async function lookUp(records: readonly CollectionRecord[]): Promise<Known> {
    const [names, counts] = await Promise.all([
      deps.users.namesOf(records.map((record) => record.ownerId)),
      deps.documents.countByCollection(records.map((record) => record._id)),
    ]);
    return { names, counts };
  }
}

interface Known {
  names: ReadonlyMap<number, string>;
  counts: ReadonlyMap<number, number>;
}

function toCollection({ _id, dimensions: _dimensions, ...record }: CollectionRecord, known: Known): Collection {
  return {
    id: _id,
    ...record,
    ownerName: known.names.get(record.ownerId) ?? '',
    documents: known.counts.get(_id) ?? 0,
  };
}

function assertMayShow(principal: Principal, visibility: Visibility): void {
  assertThat(
    visibility === 'private' || has(principal, 'create_public_collection'),
    'permission_denied',
    'Missing permission to update collection visibility to public.',
  );
}
