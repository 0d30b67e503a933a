import type { CollectionRepository } from '../../adapters/mongo/collections.ts';
import type { DocumentRecord } from '../../adapters/mongo/library-record.ts';
import type { StoredDocument, Visibility } from '../../core/collection.ts';
import type { DocumentVerbs } from '../../core/verbs.ts';
import { readableCollections } from '../collections/find.ts';
import { type DeletionDependencies, promiseDeletion } from './deletion.ts';
import { readableDocument, writableDocument } from './find.ts';

export interface DocumentDependencies extends DeletionDependencies {
  collections: CollectionRepository;
}

type ReadAndDelete = Pick<DocumentVerbs, 'listDocuments' | 'getDocument' | 'deleteDocument'>;

export function createDocumentVerbs(deps: DocumentDependencies): ReadAndDelete {
  return {
    async listDocuments(query, call) {
      const readable = await readableCollections(deps, call.principal);
      const wanted = query.collectionId;
      const shown = new Map(
        readable
          .filter((collection) => wanted === null || collection._id === wanted)
          .map((collection) => [collection._id, collection.visibility]),
      );
      const { records, total } = await deps.documents.list([...shown.keys()], query);
      const documents = records.map((record) => toDocument(record, shown.get(record.collectionId) ?? 'private'));
      return { documents, total };
    },

    async getDocument({ id }, call) {
      const { document, collection } = await readableDocument(deps, call.principal, id);
      return toDocument(document, collection.visibility);
    },

    async deleteDocument({ id }, call) {
      const { document } = await writableDocument(deps, call.principal, id);
      const { ownerId, collectionId } = document;
      const target = { ownerId, collectionId, documentId: id, belowVersion: null };
      await promiseDeletion(deps, target, () => deps.documents.remove(ownerId, id), call);
    },
  };
}

function toDocument(record: DocumentRecord, visibility: Visibility): StoredDocument {
  const { _id, activeVersion: _active, latestVersion: _latest, nextChunk: _next, provenance, ...document } = record;
  const parts = Object.values(provenance).sort((a, b) => a.part - b.part);
  return { id: _id, visibility, ...document, provenance: parts };
}
