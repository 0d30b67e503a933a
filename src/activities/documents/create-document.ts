import type { CollectionRepository } from '../../adapters/mongo/collections.ts';
import type { Counters } from '../../adapters/mongo/counters.ts';
import type { DocumentRepository } from '../../adapters/mongo/documents.ts';
import { ownerOf } from '../../core/access.ts';
import { assertThat } from '../../core/errors.ts';
import type { Verbs } from '../../core/verbs.ts';
import { assertWritableCollection } from '../collections/find.ts';

export interface CreateDocumentDependencies {
  clock: { now(): number };
  counters: Counters;
  collections: CollectionRepository;
  documents: DocumentRepository;
}

/** An empty document, to be filled chunk by chunk. One with a file is made by a job; see `ingest/`. */
export function createCreateDocument(deps: CreateDocumentDependencies): Verbs['createDocument'] {
  return async ({ collectionId, file, name }, call) => {
    const ownerId = ownerOf(call.principal, 'document');
    await assertWritableCollection(deps, call.principal, collectionId);
    assertThat(file === null, 'unsupported_operation', 'A document with a file is made by a job.');
    assertThat(name !== null, 'invalid_request', 'name is required when file is not provided', { param: 'name' });
    const _id = await deps.counters.next('document');
    const createdAt = deps.clock.now();
    await deps.documents.insertEmpty({
      _id,
      ownerId,
      collectionId,
      name,
      jobId: null,
      mediaType: null,
      bytes: null,
      createdAt,
    });
    return { id: _id };
  };
}
