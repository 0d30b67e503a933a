import type { FileRepository } from '../../adapters/mongo/files.ts';
import type { UploadRepository } from '../../adapters/mongo/uploads.ts';
import { ownerOf } from '../../core/access.ts';
import type { BlobStore } from '../../core/blob.ts';
import { assertThat, GatewayError } from '../../core/errors.ts';
import { fileIdOf, type StoredFile } from '../../core/file.ts';
import type { Upload, UploadCompletion, UploadPart } from '../../core/upload.ts';
import type { UploadVerbs } from '../../core/verbs.ts';
import { expiryOf } from '../files/limits.ts';
import type { FileStorage } from '../files/storage.ts';
import { assertPending, findUpload } from './find-upload.ts';
import { joinParts } from './join-parts.ts';
import { dropParts } from './parts.ts';

export interface CompleteDependencies {
  clock: { now(): number };
  files: FileRepository;
  fileStorage: FileStorage;
  uploads: UploadRepository;
  blobs: BlobStore;
}

interface Completed {
  upload: Upload;
  file: StoredFile;
}

/** The end of an upload that others may be ending too: one of them makes the file, and all of them answer it. */
export function createCompleteUpload(deps: CompleteDependencies): UploadVerbs['completeUpload'] {
  const { clock, uploads, blobs, files, fileStorage } = deps;

  async function complete(upload: Upload, { partIds, md5 }: UploadCompletion, signal: AbortSignal): Promise<Completed> {
    const { id, ownerId } = upload;
    const parts = await partsInOrder(upload, partIds);
    const blob = await joinParts(blobs, upload, parts, md5, signal);
    if (!(await uploads.end(ownerId, id, 'completed')) && upload.status !== 'completed') {
      await blobs.discard(ownerId, blob.id);
      throw endedByAnother(id);
    }
    const file = await makeFile(upload, blob);
    await dropParts(deps, ownerId, id);
    return { upload: { ...upload, status: 'completed' }, file };
  }

  /** Whoever ended it while this call was at it let go of the parts: that they are missing is no fault of the call's. */
  async function endedMeanwhile(before: Upload, error: GatewayError): Promise<Completed> {
    const upload = await findUpload(deps, before.ownerId, before.id);
    const file = await fileOf(upload);
    if (file) return { upload, file };
    if (upload.status === before.status) throw error;
    if (upload.status === 'completed') throw endedByAnother(upload.id);
    assertPending(upload, 'cannot be completed');
    throw error;
  }

  async function fileOf({ id, ownerId, status }: Upload): Promise<StoredFile | null> {
    return status === 'completed' ? files.find(ownerId, fileIdOf(id)) : null;
  }

  async function partsInOrder({ id, ownerId, bytes }: Upload, partIds: readonly string[]): Promise<UploadPart[]> {
    const found = new Map((await uploads.parts(ownerId, id, partIds)).map((part) => [part.id, part]));
    const parts = partIds.map((partId, index) => {
      const part = found.get(partId);
      const param = `part_ids[${index}]`;
      assertThat(part, 'invalid_request', `${param}: The upload has no part '${partId}'.`, { param });
      return part;
    });
    const sum = parts.reduce((total, { blob }) => total + blob.bytes, 0);
    const sentence = `part_ids: Expected parts of ${bytes} bytes together, as the upload was made for, got ${sum}.`;
    assertThat(sum === bytes, 'invalid_request', sentence, { param: 'part_ids' });
    return parts;
  }

  function makeFile(upload: Upload, blob: StoredFile['blob']): Promise<StoredFile> {
    const { id, ownerId, name, purpose, fileExpiresAfterMs } = upload;
    const createdAt = clock.now();
    const expiresAt = expiryOf(purpose, fileExpiresAfterMs, createdAt);
    return fileStorage.keep(ownerId, blob, { id: fileIdOf(id), name, purpose, createdAt, expiresAt });
  }

  return async (completion, { principal, signal }) => {
    const upload = await findUpload(deps, ownerOf(principal, 'files'), completion.id);
    const earlier = await fileOf(upload);
    if (earlier) return { upload, file: earlier };
    // Completed without a file: whoever completed it died before the file was there.
    if (upload.status !== 'completed') assertPending(upload, 'cannot be completed');
    try {
      return await complete(upload, completion, signal);
    } catch (error) {
      if (error instanceof GatewayError) return endedMeanwhile(upload, error);
      throw error;
    }
  };
}

function endedByAnother(id: string): GatewayError {
  return new GatewayError('conflict', `The upload ${id} has been ended by another call.`, { param: 'upload_id' });
}
