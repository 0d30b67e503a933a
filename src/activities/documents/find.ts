import type { CollectionRepository } from '../../adapters/mongo/collections.ts';
import type { DocumentRepository } from '../../adapters/mongo/documents.ts';
import type { CollectionRecord, DocumentRecord } from '../../adapters/mongo/library-record.ts';
import { mayRead, mayWrite, type Principal } from '../../core/access.ts';
import { GatewayError } from '../../core/errors.ts';

interface Dependencies {
  collections: CollectionRepository;
  documents: DocumentRepository;
}

/** A document with the collection that says who may see it. */
export interface Found {
  document: DocumentRecord;
  collection: CollectionRecord;
}

/** A document of a collection that the caller may read. */
export function readableDocument(deps: Dependencies, principal: Principal, id: number): Promise<Found> {
  return findDocument(deps, id, (collection) => mayRead(principal, collection));
}

/** A document that the caller may change. */
export function writableDocument(deps: Dependencies, principal: Principal, id: number): Promise<Found> {
  return findDocument(deps, id, (collection) => mayWrite(principal, collection));
}

/** A document whose collection was deleted is gone with it, though its row may be there for a little longer. */
async function findDocument(
  deps: Dependencies,
  id: number,
  may: (collection: CollectionRecord) => boolean,
): Promise<Found> {
  const document = await deps.documents.find(id);
  const collection = document && (await deps.collections.find(document.collectionId));
  if (!document || !collection || !may(collection)) throw new GatewayError('not_found', 'Document not found.');
  return { document, collection };
}
