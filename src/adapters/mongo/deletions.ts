import type { DeletionRecord, LibraryModels } from './library-record.ts';
import { acrossOwners } from './tenancy.ts';

const everybody = acrossOwners('the sweep serves every owner');

export type DeletionTarget = Pick<DeletionRecord, 'ownerId' | 'collectionId' | 'documentId' | 'belowVersion'>;

type PromisedDocument = Pick<DeletionRecord, 'ownerId' | 'collectionId'> & { documentId: number };

/** Deletions that were promised: written down before anything is removed, and kept until all of it is. */
export function createDeletionRepository({ Deletions }: LibraryModels) {
  return {
    /** Safe to repeat: the same target is one record. */
    async add(target: DeletionTarget, createdAt: number, dueAt: number): Promise<DeletionRecord> {
      const record: DeletionRecord = { _id: idOf(target), ...target, createdAt, dueAt };
      const { _id, ownerId, ...fields } = record;
      await Deletions.updateOne({ _id, ownerId }, { $set: fields }, { upsert: true });
      return record;
    },

    /** Whether the document, or its whole collection, was promised to be deleted and the deletion is not forgotten. */
    async isPromised({ ownerId, collectionId, documentId }: PromisedDocument): Promise<boolean> {
      const versions = { ownerId, collectionId, belowVersion: null };
      const ids = [documentId, null].map((id) => idOf({ ...versions, documentId: id }));
      return (await Deletions.exists({ ownerId, _id: { $in: ids } })) !== null;
    },

    async due(now: number, limit: number): Promise<DeletionRecord[]> {
      return Deletions.find({ dueAt: { $lte: now } })
        .setOptions(everybody)
        .sort({ dueAt: 1 })
        .limit(limit)
        .lean<DeletionRecord[]>();
    },

    async postpone({ ownerId, _id }: DeletionRecord, dueAt: number): Promise<void> {
      await Deletions.updateOne({ ownerId, _id }, { $set: { dueAt } });
    },

    async remove({ ownerId, _id }: DeletionRecord): Promise<void> {
      await Deletions.deleteOne({ ownerId, _id });
    },
  };
}

export type DeletionRepository = ReturnType<typeof createDeletionRepository>;

function idOf({ collectionId, documentId, belowVersion }: DeletionTarget): string {
  if (documentId === null) return `collection:${collectionId}`;
  return belowVersion === null ? `document:${documentId}` : `document:${documentId}:below:${belowVersion}`;
}
