import type { ChunkBatchRepository } from '../../adapters/mongo/chunk-batches.ts';
import type { DeletionRepository } from '../../adapters/mongo/deletions.ts';
import type { IngestionRepository } from '../../adapters/mongo/ingestions.ts';
import type { Call } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Job } from '../../core/job.ts';
import type { TextLine } from '../../core/text-line.ts';
import { assertFits, type IndexDependencies, writeChunks } from '../chunks/index-chunks.ts';
import { assertWritableCollection } from '../collections/find.ts';
import { discardVersions } from '../documents/deletion.ts';
import { documentGone } from '../ingest/ingestion.ts';

export interface IntoCollectionDependencies extends Pick<IndexDependencies, 'collections' | 'chunkIndex'> {
  clock: { now(): number };
  ingestions: IngestionRepository;
  chunkBatches: ChunkBatchRepository;
  deletions: DeletionRepository;
}

export type EmbeddedText = TextLine & { number: number; vector: Float32Array };

/** The document that a file of texts becomes: a chunk for each, of the number of its line. */
export function createIntoCollection(deps: IntoCollectionDependencies) {
  async function placeOf(job: Job, call: Call) {
    if (!job.subject) throw documentGone();
    const { documentId, collectionId } = job.subject;
    const version = await deps.ingestions.versionOf(job.ownerId, documentId, job.id);
    if (version === null) throw documentGone();
    const collection = await assertWritableCollection(deps, call.principal, collectionId);
    return { documentId, version, collection };
  }

  return {
    /** Readers do not see them yet. Safe to repeat. */
    async write(job: Job, batch: number, texts: readonly EmbeddedText[], call: Call): Promise<void> {
      const [first] = texts;
      if (!first) return;
      const place = await placeOf(job, call);
      const { collection, documentId, version } = place;
      const length = first.vector.length;
      const dimensions = await deps.collections.fixDimensions(collection.ownerId, collection._id, length);
      if (dimensions === null) throw new GatewayError('not_found', 'Collection not found.');
      const space = { model: collection.embeddingModel, dimensions };
      assertFits(space, length);
      const chunks = texts.map(({ number, text, metadata }) => ({ id: number, content: text, metadata, source: null }));
      const { ownerId } = job;
      const key = { documentId, version };
      const createdAt = deps.clock.now();
      await deps.chunkBatches.put({ ownerId, collectionId: collection._id, ...key, batch, chunks, createdAt });
      await writeChunks(deps, place, chunks, { space, vectors: texts.map(({ vector }) => vector) }, call.signal);
      await deps.chunkBatches.markIndexed(ownerId, key, [batch], deps.clock.now());
    },

    /** Shows all of them to readers, in one write. */
    async publish(job: Job, call: Call): Promise<void> {
      const { collection, documentId, version } = await placeOf(job, call);
      const { ownerId, batch } = job;
      if (collection.dimensions !== null) {
        const space = { model: collection.embeddingModel, dimensions: collection.dimensions };
        await deps.chunkIndex.refresh(space, call.signal);
      }
      const { chunks } = await deps.chunkBatches.count(ownerId, { documentId, version });
      // A line has at least one byte, so no number of a line is above it.
      const nextChunk = (batch?.input.bytes ?? 0) + 1;
      const published = await deps.ingestions.complete(ownerId, documentId, version, chunks, nextChunk);
      if (!published) throw documentGone();
      const target = { ownerId, collectionId: collection._id, documentId };
      if (version > 1) await discardVersions(deps, { ...target, belowVersion: version });
    },
  };
}

export type IntoCollection = ReturnType<typeof createIntoCollection>;
