import type { CollectionRepository } from '../../adapters/mongo/collections.ts';
import type { DocumentRepository } from '../../adapters/mongo/documents.ts';
import type { ExtractionRepository } from '../../adapters/mongo/extractions.ts';
import type { BlobStore } from '../../core/blob.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Verbs } from '../../core/verbs.ts';
import { storedParts } from '../ingest/blocks.ts';
import { blockGap, sectionsOf } from '../ingest/sections.ts';
import { readableDocument } from './find.ts';

export interface ReadMarkdownDependencies {
  blobs: BlobStore;
  collections: CollectionRepository;
  documents: DocumentRepository;
  extractions: ExtractionRepository;
}

/** The text that chunks were cut from and that their offsets count in, put together from its blocks as it is read. */
export function createReadMarkdown(deps: ReadMarkdownDependencies): Verbs['readMarkdown'] {
  return async function* ({ id }, call) {
    const { document } = await readableDocument(deps, call.principal, id);
    const version = document.activeVersion;
    if (version === null) throw new GatewayError('not_found', 'The document has no content yet.');
    const parts = storedParts(deps, document.ownerId, { documentId: id, version });
    for await (const { text, start } of sectionsOf(parts)) yield start === 0 ? text : `${blockGap}${text}`;
  };
}
