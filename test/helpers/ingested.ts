import type { TestLibrary } from './library.ts';
import { wordVector } from './word-vectors.ts';

export interface Ingested {
  ownerId: number;
  collectionId: number;
  documentId: number;
  version: number;
}

/** The document as a job has it that is about to write; another `jobId` tries again what the one before has done. */
export async function beginIngestion(
  library: TestLibrary,
  place: { ownerId: number; collectionId: number; documentId?: number },
  jobId = 'job_1',
): Promise<Ingested> {
  const { ownerId, collectionId } = place;
  const { ingestions, documents, counters } = library.deps;
  const documentId = place.documentId ?? (await counters.next('document'));
  const file = { mediaType: 'text/plain', bytes: 3 };
  const retriedFrom = (await documents.find(documentId))?.jobId ?? null;
  if (retriedFrom === null) {
    const fields = { name: 'a file', createdAt: library.clock.now(), ...file };
    await ingestions.create({ _id: documentId, ownerId, collectionId, jobId, ...fields });
  } else if (retriedFrom !== jobId) {
    await ingestions.handOn(ownerId, documentId, { jobId, retriedFrom, ...file });
  }
  const version = await ingestions.versionOf(ownerId, documentId, jobId);
  if (version === null) throw new Error('another job has the document');
  return { ownerId, collectionId, documentId, version };
}

/** Stores and indexes chunks as the steps of an ingestion do, in batches of two. Nobody sees them yet. */
export async function writeIngestion(
  library: TestLibrary,
  ingested: Ingested,
  contents: readonly string[],
): Promise<void> {
  const { ownerId, collectionId, documentId, version } = ingested;
  const signal = new AbortController().signal;
  const dimensions = library.vendors.words.dimensions;
  await library.deps.collections.fixDimensions(ownerId, collectionId, dimensions);
  const space = { model: 'word-vectors', dimensions };
  for (let from = 0; from < contents.length; from += 2) {
    const batch = from / 2;
    const chunks = contents.slice(from, from + 2).map((content, index) => ({
      id: from + index,
      content,
      metadata: null,
      source: { fromPart: 1, toPart: 1, start: 0, end: content.length },
    }));
    await library.deps.chunkBatches.put({
      ...ingested,
      batch,
      chunks,
      createdAt: library.clock.now(),
    });
    const indexed = chunks.map(({ id, content, metadata }) => ({
      collectionId,
      documentId,
      version,
      chunkId: id,
      content,
      metadata,
      vector: wordVector(content, dimensions),
    }));
    await library.deps.chunkIndex.write(space, indexed, signal);
    await library.deps.chunkBatches.markIndexed(ownerId, { documentId, version }, [batch], library.clock.now());
  }
  await library.deps.chunkIndex.refresh(space, signal);
}

/** Shows what was written to readers. */
export async function publishIngestion(library: TestLibrary, ingested: Ingested): Promise<boolean> {
  const { ownerId, documentId, version } = ingested;
  const { chunks } = await library.deps.chunkBatches.count(ownerId, { documentId, version });
  return library.deps.ingestions.complete(ownerId, documentId, version, chunks);
}
