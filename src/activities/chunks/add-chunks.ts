import type { DocumentRepository } from '../../adapters/mongo/documents.ts';
import type { BatchRecord, DocumentRecord } from '../../adapters/mongo/library-record.ts';
import type { PostedChunkRepository } from '../../adapters/mongo/posted-chunks.ts';
import type { RouterRepository } from '../../adapters/mongo/routers.ts';
import type { Call } from '../../core/call.ts';
import type { NewChunk } from '../../core/collection.ts';
import { crashPoint } from '../../core/crash-point.ts';
import { assertThat, GatewayError } from '../../core/errors.ts';
import type { Verbs } from '../../core/verbs.ts';
import type { Admission } from '../admissions.ts';
import { type Found, writableDocument } from '../documents/find.ts';
import { resolveModel } from '../resolve-model.ts';
import { embedForCollection, type IndexDependencies, writeChunks } from './index-chunks.ts';

export interface AddChunksDependencies extends IndexDependencies {
  clock: { now(): number };
  documents: DocumentRepository;
  postedChunks: PostedChunkRepository;
}

type Input = Parameters<Verbs['addChunks']>[0];
type AddableDependencies = Pick<AddChunksDependencies, 'collections' | 'documents'>;

/** Lengths are UTF-16 units. A stored batch must stay under MongoDB's 16 MiB even if each takes three bytes. */
const maxTotalLength = 20 * 1024 * 1024;
const maxChunkLength = 4 * 1024 * 1024;
const maxBatchLength = 4 * 1024 * 1024;

/**
 * Adds chunks to a document; a search finds them when it answers. Ids are taken atomically, so calls side by side get
 * different ones. A repeated call (same `idempotencyKey`) goes on with the ids of the first.
 */
export function createAddChunks(deps: AddChunksDependencies): Verbs['addChunks'] {
  return async (input, call) => {
    const { documentId, chunks } = input;
    const { document, collection } = await addable(deps, input, call);
    const { ownerId } = document;

    const earlier = await deps.postedChunks.findPost(ownerId, documentId, call.idempotencyKey);
    const contents = earlier.length > 0 ? earlier.flatMap((batch) => batch.chunks) : chunks;
    const texts = contents.map((chunk) => chunk.content);
    const embedded = await embedForCollection(deps, collection, texts, call);
    const batches = earlier.length > 0 ? earlier : await store(document, chunks, call.idempotencyKey);

    const stored = batches.flatMap((batch) => batch.chunks);
    const version = batches[0]?.version ?? 0;
    crashPoint('chunks.stored.before_index');
    await writeChunks(deps, { collection, documentId, version }, stored, embedded, call.signal);
    await deps.chunkIndex.refresh(embedded.space, call.signal);
    crashPoint('chunks.indexed.before_show');
    const shown = await deps.postedChunks.publish(batches, deps.clock.now());
    assertThat(shown, 'not_found', 'Document not found.');
    return { ids: stored.map((chunk) => chunk.id) };
  };

  /** Nobody sees them yet: what fails from here on leaves nothing behind that a reader could meet. */
  async function store(
    document: DocumentRecord,
    chunks: readonly NewChunk[],
    postedBy: string,
  ): Promise<BatchRecord[]> {
    const { ownerId, collectionId, _id: documentId } = document;
    const reserved = await deps.documents.reserveChunks(ownerId, documentId, chunks.length);
    if (!reserved) throw notReady(document);
    const createdAt = deps.clock.now();
    const { version, firstChunk } = reserved;
    const batches = inBatches(chunks, firstChunk).map((batch) => ({
      ownerId,
      collectionId,
      documentId,
      version,
      // Ids only rise, and there are at least as many of them as batches: no other batch has this number.
      batch: batch[0]?.id ?? firstChunk,
      chunks: batch,
      size: batch.length,
      indexedAt: null,
      postedBy,
      createdAt,
    }));
    await deps.postedChunks.store(batches);
    return batches;
  }
}

/** A job is refused at once for what its call would be refused for. */
export function createAddChunksAdmission(deps: AddableDependencies & { routers: RouterRepository }): Admission<Input> {
  return {
    async admit(input, call) {
      const { collection } = await addable(deps, input, call);
      await resolveModel(deps, collection.embeddingModel, ['text-embeddings-inference'], call.principal);
      return null;
    },
  };
}

/** The document, if the caller may put these chunks into it. */
async function addable(deps: AddableDependencies, { documentId, chunks }: Input, call: Call): Promise<Found> {
  assertSizes(chunks);
  const found = await writableDocument(deps, call.principal, documentId);
  if (found.document.status !== 'completed') throw notReady(found.document);
  return found;
}

function assertSizes(chunks: readonly NewChunk[]): void {
  const total = chunks.reduce((sum, chunk) => sum + chunk.content.length, 0);
  assertThat(total <= maxTotalLength, 'invalid_request', 'Chunks content total size exceeds 20MB', { param: 'chunks' });
  const index = chunks.findIndex((chunk) => chunk.content.length > maxChunkLength);
  assertThat(
    index === -1,
    'invalid_request',
    `A chunk may have ${maxChunkLength} characters, and this one has ${chunks[index]?.content.length}. Split it.`,
    { param: `chunks[${index}].content` },
  );
}

function notReady({ _id, status, jobId }: DocumentRecord): GatewayError {
  const state = jobId === null ? status : `${status} (job ${jobId})`;
  return new GatewayError('conflict', `Chunks can be added to a completed document, and document ${_id} is ${state}.`);
}

function inBatches(chunks: readonly NewChunk[], firstChunk: number): BatchRecord['chunks'][] {
  const batches: BatchRecord['chunks'][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const [index, { content, metadata }] of chunks.entries()) {
    const chunk = { id: firstChunk + index, content, metadata, source: null };
    length += content.length;
    if (length > maxBatchLength) {
      batches.push([chunk]);
      length = content.length;
    } else {
      batches.at(-1)?.push(chunk);
    }
  }
  return batches;
}
