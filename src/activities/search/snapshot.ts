import type { ChunkRef } from '../../adapters/elasticsearch/chunk-ref.ts';
import type { DocumentRepository } from '../../adapters/mongo/documents.ts';

/**
 * Which version of each document a search sees. Each is looked up once and stays for the whole search, so that a
 * document which is published meanwhile is seen either as it was or as it is, and never in part.
 */
export function createSnapshot(deps: { documents: DocumentRepository }, collectionIds: ReadonlySet<number>) {
  const versions = new Map<number, number | null>();
  return {
    async learn(hits: readonly ChunkRef[]): Promise<void> {
      const unknown = new Set(hits.map((hit) => hit.documentId).filter((id) => !versions.has(id)));
      if (unknown.size === 0) return;
      for (const id of unknown) versions.set(id, null);
      for (const { _id, collectionId, activeVersion } of await deps.documents.activeVersions([...unknown])) {
        if (collectionIds.has(collectionId)) versions.set(_id, activeVersion);
      }
    },

    /** False for documents that are gone, too. */
    shows({ documentId, version }: ChunkRef): boolean {
      return versions.get(documentId) === version;
    },
  };
}
