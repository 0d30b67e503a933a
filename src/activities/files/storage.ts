import type { FileRepository } from '../../adapters/mongo/files.ts';
import type { BlobRef, BlobStore, BlobUpload } from '../../core/blob.ts';
import { crashPoint } from '../../core/crash-point.ts';
import { assertThat } from '../../core/errors.ts';
import { type FilePurpose, fileIdOf, type StoredFile } from '../../core/file.ts';
import { expiryOf } from './limits.ts';

/** After that long, nobody is still at work on making a file of a blob. */
const unfinishedMs = 3_600_000;

export interface FileStorageDependencies {
  files: FileRepository;
  blobs: BlobStore;
  clock: { now(): number };
  newJobId(now: number): string;
}

export interface FileFacts {
  /** Chosen by a step that may be repeated: the file that is there already is answered. Null for a new one. */
  id: string | null;
  name: string;
  purpose: FilePurpose;
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** Null for never. */
  expiresAt: number | null;
}

interface StreamedFile extends Pick<FileFacts, 'name' | 'purpose'> {
  id: string;
  /** Null for what is usual for the purpose. */
  expiresAfterMs: number | null;
}

/** Files with their blobs. What is cut short is not there for anybody, and swept. */
export function createFileStorage({ files, blobs, clock, newJobId }: FileStorageDependencies) {
  async function drop(ownerId: number, id: string): Promise<void> {
    await blobs.release(ownerId, referenceOf(id));
    crashPoint('file.released.before_remove');
    await files.remove(ownerId, id);
  }

  /** Makes a file of a blob that nobody refers to; where there is one of this id, the blob is not needed. */
  async function keep(ownerId: number, blob: BlobRef, facts: FileFacts): Promise<StoredFile> {
    const file = { ...facts, id: facts.id ?? fileIdOf(newJobId(facts.createdAt)), ownerId, blob };
    const begun = await files.begin(file, clock.now() + unfinishedMs);
    if (begun) {
      const { replaced } = begun;
      // That try cannot be completed any more, and if it died nobody else lets go of what it held.
      if (replaced && replaced.id !== blob.id) await blobs.detach(ownerId, replaced.id, referenceOf(file.id));
      crashPoint('file.begun.before_attach');
      await blobs.attach(ownerId, blob.id, referenceOf(file.id));
      crashPoint('file.held.before_complete');
      if (await files.complete(file)) return file;
    }
    const earlier = await files.find(ownerId, file.id);
    if (earlier?.blob.id !== blob.id) {
      await blobs.detach(ownerId, blob.id, referenceOf(file.id));
      await blobs.discard(ownerId, blob.id);
    }
    assertThat(earlier, 'unavailable', `The file ${file.id} is being made by another call.`);
    return earlier;
  }

  return {
    keep,

    /** Makes a file of a stream, without ever having all of it. It is made when the stream has ended, not before. */
    async put(
      ownerId: number,
      { content, mediaType, maxBytes }: Omit<BlobUpload, 'name'>,
      { id, name, purpose, expiresAfterMs }: StreamedFile,
      signal: AbortSignal,
    ): Promise<StoredFile> {
      const earlier = await files.find(ownerId, id);
      if (earlier) return earlier;
      const blob = await blobs.put(ownerId, { content, mediaType, maxBytes, name }, signal);
      const createdAt = clock.now();
      const expiresAt = expiryOf(purpose, expiresAfterMs, createdAt);
      return keep(ownerId, blob, { id, name, purpose, createdAt, expiresAt });
    },

    /** Hidden first: whoever finds a file can read it. False when there was none. */
    async remove(ownerId: number, id: string): Promise<boolean> {
      const wasThere = await files.expire(ownerId, id);
      if (wasThere) await drop(ownerId, id);
      return wasThere;
    },

    /** Deletes what is past its time or was never finished, `limit` at most. Answers how many. */
    async purge(limit: number): Promise<number> {
      const expired = await files.expired(limit);
      for (const { ownerId, id } of expired) {
        if (await files.claimExpired(ownerId, id)) await drop(ownerId, id);
      }
      return expired.length;
    },
  };
}

export type FileStorage = ReturnType<typeof createFileStorage>;

/** What holds a file's blob. */
function referenceOf(id: string): string {
  return `file:${id}`;
}
