import type { ChunkBatchRepository } from '../../adapters/mongo/chunk-batches.ts';
import type { BatchChunk, DocumentRecord } from '../../adapters/mongo/library-record.ts';
import type { Chunk } from '../../core/collection.ts';
import { GatewayError } from '../../core/errors.ts';
import type { DocumentVerbs } from '../../core/verbs.ts';
import { readableDocument, writableDocument } from '../documents/find.ts';
import { type AddChunksDependencies, createAddChunks } from './add-chunks.ts';

export interface ChunkDependencies extends AddChunksDependencies {
  chunkBatches: ChunkBatchRepository;
}

type ChunkVerbs = Pick<DocumentVerbs, 'addChunks' | 'listChunks' | 'getChunk' | 'deleteChunk'>;

export function createChunkVerbs(deps: ChunkDependencies): ChunkVerbs {
  return {
    addChunks: createAddChunks(deps),

    async listChunks({ documentId, offset, limit }, call) {
      const { document } = await readableDocument(deps, call.principal, documentId);
      const version = document.activeVersion;
      if (version === null) return { chunks: [], total: 0 };
      const { chunks, total } = await deps.chunkBatches.list({ documentId, version }, { offset, limit });
      return { chunks: chunks.map((chunk) => toChunk(document, chunk)), total };
    },

    async getChunk({ documentId, chunkId }, call) {
      const { document } = await readableDocument(deps, call.principal, documentId);
      const version = document.activeVersion;
      const chunks =
        version === null ? [] : await deps.chunkBatches.findChunks([{ documentId, version, chunkIds: [chunkId] }]);
      const [chunk] = chunks;
      if (!chunk) throw new GatewayError('not_found', 'Chunk not found.');
      return toChunk(document, chunk);
    },

    async deleteChunk({ documentId, chunkId }, call) {
      const { document, collection } = await writableDocument(deps, call.principal, documentId);
      const { activeVersion: version, ownerId } = document;
      const { dimensions, embeddingModel: model } = collection;
      if (version === null || dimensions === null) return;
      // The index first: if it is away nothing has changed, and a repeated call finishes what this one began.
      const ref = { documentId, version, chunkId };
      await deps.chunkIndex.deleteChunk({ model, dimensions }, collection._id, ref, call.signal);
      await deps.postedChunks.removeChunk(ownerId, documentId, version, chunkId);
    },
  };
}

function toChunk(document: DocumentRecord, { id, content, metadata, source, createdAt }: ListedChunk): Chunk {
  return { id, documentId: document._id, collectionId: document.collectionId, content, metadata, source, createdAt };
}

type ListedChunk = BatchChunk & { createdAt: number };
