import { setTimeout as pause } from 'node:timers/promises';
import type { Client, estypes } from '@elastic/elasticsearch';
import { GatewayError } from '../../core/errors.ts';
import type { Metadata } from '../../core/metadata.ts';
import { type ChunkRef, formatRef, formatVersion } from './chunk-ref.ts';
import { isTransientStatus, reaching, unavailable } from './client.ts';
import { metadataTerms } from './metadata-terms.ts';
import type { EmbeddingSpace, Spaces } from './space.ts';

export interface IndexedChunk extends ChunkRef {
  collectionId: number;
  content: string;
  metadata: Metadata | null;
  /** Of the space's length. */
  vector: Float32Array;
}

/** Of text per request; vectors come on top. */
const maxRequestCharacters = 4 * 1024 * 1024;
const maxAttempts = 5;
const firstPauseMs = 200;

/** Writes chunks, all of them or it throws. Repeating it changes nothing. They are found after a refresh. */
export function createWriter(client: Client, spaces: Spaces) {
  return async function write(
    space: EmbeddingSpace,
    chunks: readonly IndexedChunk[],
    signal: AbortSignal,
  ): Promise<void> {
    for (const part of inRequests(chunks)) await writePart(space, part, signal);
  };

  /** What the engine had no room for goes out again, a little later each time. */
  async function writePart(space: EmbeddingSpace, chunks: IndexedChunk[], signal: AbortSignal): Promise<void> {
    let left = chunks;
    for (let attempt = 1; left.length > 0; attempt += 1) {
      const failed = await bulk(space, left, signal);
      const permanent = failed.find(({ error, status }) => !isTransientStatus(status) && !isMissingIndex(error));
      if (permanent) throw new Error(`the index refused a chunk: ${JSON.stringify(permanent.error)}`);
      if (failed.length > 0 && attempt === maxAttempts) throw unavailable(failed[0]?.error);
      // Somebody has deleted the index: it is made again.
      if (failed.some(({ error }) => isMissingIndex(error))) spaces.forget(space);
      left = failed.map(({ chunk }) => chunk);
      if (left.length > 0) await pause(firstPauseMs * 2 ** (attempt - 1), undefined, { signal });
    }
  }

  async function bulk(space: EmbeddingSpace, chunks: readonly IndexedChunk[], signal: AbortSignal): Promise<Failed[]> {
    const alias = await spaces.ensure(space);
    const operations = chunks.flatMap((chunk) => [
      { index: { _id: formatRef(chunk), routing: String(chunk.collectionId) } },
      toDocument(chunk, space),
    ]);
    const request = { index: alias, require_alias: true, refresh: false, operations };
    const answer = await reaching(() => client.bulk(request, { signal }));
    return chunks.flatMap((chunk, index) => {
      const item = answer.items[index]?.index;
      return item?.error ? [{ chunk, status: item.status, error: item.error }] : [];
    });
  }
}

interface Failed {
  chunk: IndexedChunk;
  status: number;
  error: estypes.ErrorCause;
}

function toDocument(chunk: IndexedChunk, space: EmbeddingSpace): object {
  if (chunk.vector.length !== space.dimensions) {
    throw new Error(`a vector of ${chunk.vector.length} numbers does not belong into a space of ${space.dimensions}`);
  }
  return {
    collection_id: chunk.collectionId,
    document_id: chunk.documentId,
    version: chunk.version,
    document_version: formatVersion(chunk),
    ref: formatRef(chunk),
    content: chunk.content,
    ...metadataTerms(chunk.metadata),
    embedding: rounded(chunk.vector),
  };
}

/** Six digits are far finer than what is left after quantising, and half the bytes. */
function rounded(vector: Float32Array): number[] {
  const numbers = Array.from(vector, (value) => Math.round(value * 1e6) / 1e6);
  if (numbers.some((value) => value !== 0)) return numbers;
  throw new GatewayError('upstream_error', 'The embedding model answered a vector of zeros.');
}

function* inRequests(chunks: readonly IndexedChunk[]): Iterable<IndexedChunk[]> {
  let part: IndexedChunk[] = [];
  let characters = 0;
  for (const chunk of chunks) {
    if (part.length > 0 && characters + chunk.content.length > maxRequestCharacters) {
      yield part;
      part = [];
      characters = 0;
    }
    part.push(chunk);
    characters += chunk.content.length;
  }
  if (part.length > 0) yield part;
}

function isMissingIndex(error: estypes.ErrorCause): boolean {
  return error.type === 'index_not_found_exception';
}
