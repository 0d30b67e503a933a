import type { ChunkIndex } from '../../adapters/elasticsearch/chunk-index.ts';
import type { EmbeddingSpace } from '../../adapters/elasticsearch/space.ts';
import type { IndexedChunk } from '../../adapters/elasticsearch/write.ts';
import type { CollectionRepository } from '../../adapters/mongo/collections.ts';
import type { BatchChunk, CollectionRecord } from '../../adapters/mongo/library-record.ts';
import type { RouterRepository } from '../../adapters/mongo/routers.ts';
import type { Call } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import { type EmbeddedTexts, type EmbedTextsDependencies, embedTexts } from '../embed-texts.ts';
import { resolveModel } from '../resolve-model.ts';

export interface IndexDependencies extends EmbedTextsDependencies {
  routers: RouterRepository;
  collections: CollectionRepository;
  chunkIndex: ChunkIndex;
}

/** Where chunks stand: a version of a document, in a collection. */
export interface ChunkPlace {
  collection: Pick<CollectionRecord, '_id' | 'ownerId' | 'embeddingModel'>;
  documentId: number;
  version: number;
}

export interface Embedded extends EmbeddedTexts {
  space: EmbeddingSpace;
}

/** Embeds texts with the model of their collection. The collection's first texts fix the length of its vectors. */
export async function embedForCollection(
  deps: IndexDependencies,
  collection: ChunkPlace['collection'],
  texts: readonly string[],
  call: Call,
): Promise<Embedded> {
  const model = collection.embeddingModel;
  const router = await resolveModel(deps, model, ['text-embeddings-inference'], call.principal);
  const { vectors, usage, bill } = await embedTexts(deps, router, texts, call);
  const length = vectors[0]?.length ?? 0;
  const dimensions = await deps.collections.fixDimensions(collection.ownerId, collection._id, length);
  if (dimensions === null) throw new GatewayError('not_found', 'Collection not found.');
  const space = { model, dimensions };
  assertFits(space, length);
  return { space, vectors, usage, bill };
}

/** Throws when the model has changed the length of its vectors since the collection was begun. */
export function assertFits({ model, dimensions }: EmbeddingSpace, length: number): void {
  if (length === dimensions) return;
  throw new GatewayError(
    'conflict',
    `Model '${model}' answers vectors of ${length} numbers now, and the collection was embedded with ${dimensions}.`,
  );
}

/** Puts embedded chunks into the index, where a search finds them after a refresh. Repeating it changes nothing. */
export async function writeChunks(
  deps: Pick<IndexDependencies, 'chunkIndex'>,
  { collection, documentId, version }: ChunkPlace,
  chunks: readonly BatchChunk[],
  { space, vectors }: Pick<Embedded, 'space' | 'vectors'>,
  signal: AbortSignal,
): Promise<void> {
  const indexed = chunks.flatMap((chunk, index): IndexedChunk[] => {
    const vector = vectors[index];
    const { id: chunkId, content, metadata } = chunk;
    return vector ? [{ collectionId: collection._id, documentId, version, chunkId, content, metadata, vector }] : [];
  });
  if (indexed.length !== chunks.length) {
    throw new GatewayError('upstream_error', 'The embedding model answered too few vectors.');
  }
  await deps.chunkIndex.write(space, indexed, signal);
}
