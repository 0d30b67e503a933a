/** The blob store in memory, for the simulation. It meets the same conformance suite as GridFS. */
import { createHash } from 'node:crypto';
import type { BlobRef, BlobStore } from '../../src/core/blob.ts';
import { GatewayError } from '../../src/core/errors.ts';

interface Blob {
  ownerId: number;
  ref: BlobRef;
  bytes: Uint8Array;
  references: Set<string>;
  createdAt: number;
}

export function createMemoryBlobs(now: () => number) {
  const blobs = new Map<string, Blob>();
  let made = 0;

  const find = (ownerId: number, id: string) => {
    const blob = blobs.get(id);
    return blob?.ownerId === ownerId ? blob : undefined;
  };

  function drop(blob: Blob, reference: string): void {
    if (blob.references.delete(reference) && blob.references.size === 0) blobs.delete(blob.ref.id);
  }

  const store: BlobStore = {
    async put(ownerId, { content, mediaType, name, maxBytes }) {
      const parts: Uint8Array[] = [];
      for await (const part of content) parts.push(part);
      const bytes = Buffer.concat(parts);
      if (bytes.byteLength > maxBytes) throw new GatewayError('body_too_large', 'File size limit exceeded.');
      made += 1;
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const ref = { id: made.toString(16).padStart(24, '0'), bytes: bytes.byteLength, sha256, mediaType, name };
      blobs.set(ref.id, { ownerId, ref, bytes, references: new Set(), createdAt: now() });
      return ref;
    },

    async find(ownerId, id) {
      return find(ownerId, id)?.ref ?? null;
    },

    async *read(ownerId, id, range = null) {
      const blob = find(ownerId, id);
      if (!blob) throw new GatewayError('not_found', 'File not found.');
      yield range ? blob.bytes.subarray(range.from, range.to + 1) : blob.bytes;
    },

    async discard(ownerId, id) {
      if (find(ownerId, id)?.references.size === 0) blobs.delete(id);
    },

    async attach(ownerId, id, reference) {
      const blob = find(ownerId, id);
      if (!blob) throw new GatewayError('not_found', 'File not found.');
      blob.references.add(reference);
    },

    async detach(ownerId, id, reference) {
      const blob = find(ownerId, id);
      if (blob) drop(blob, reference);
    },

    async release(ownerId, reference) {
      for (const blob of [...blobs.values()]) if (blob.ownerId === ownerId) drop(blob, reference);
    },

    async references(prefix) {
      return [...blobs.values()].flatMap(({ ownerId, references }) =>
        [...references]
          .filter((reference) => reference.startsWith(prefix))
          .map((reference) => ({ ownerId, reference })),
      );
    },

    async sweep(olderThan) {
      const old = [...blobs.values()].filter(
        ({ references, createdAt }) => references.size === 0 && createdAt < olderThan,
      );
      for (const { ref } of old) blobs.delete(ref.id);
      return old.length;
    },
  };
  return { store, all: (): readonly Readonly<Blob>[] => [...blobs.values()] };
}
