import type { FileRepository } from '../../adapters/mongo/files.ts';
import type { UploadRepository } from '../../adapters/mongo/uploads.ts';
import type { Config } from '../../config.ts';
import { ownerOf } from '../../core/access.ts';
import type { BlobStore } from '../../core/blob.ts';
import { assertThat, GatewayError } from '../../core/errors.ts';
import { fileIdOf, type StoredFile } from '../../core/file.ts';
import { statusAt, type Upload, type UploadPart, uploadLimits } from '../../core/upload.ts';
import type { UploadVerbs } from '../../core/verbs.ts';
import { assertFit, assertRoom, expiryOf, storedBytes } from '../files/limits.ts';
import type { FileStorage } from '../files/storage.ts';
import { joinParts } from './join-parts.ts';
import { dropPart, dropParts, holdPart } from './parts.ts';

export interface UploadDependencies {
  config: Pick<Config, 'files'>;
  clock: { now(): number };
  newJobId(now: number): string;
  files: FileRepository;
  fileStorage: FileStorage;
  uploads: UploadRepository;
  blobs: BlobStore;
}

/** Files that come in parts. The file has the body of its upload's id: completed twice, there is still one. */
export function createUploadVerbs(deps: UploadDependencies): UploadVerbs {
  const { config, clock, uploads, blobs, files, fileStorage } = deps;

  function newId(prefix: string): string {
    const id = deps.newJobId(clock.now());
    return `${prefix}${id.slice(id.indexOf('_'))}`;
  }

  async function find(ownerId: number, id: string): Promise<Upload> {
    const upload = await uploads.find(ownerId, id);
    assertThat(upload, 'not_found', `No such Upload object: ${id}`, { param: 'upload_id' });
    return { ...upload, status: statusAt(upload, clock.now()) };
  }

  async function assertRoomFor({ id, ownerId }: Upload): Promise<void> {
    const { count, bytes } = await uploads.partsOf(ownerId, id);
    const { maxParts } = uploadLimits;
    assertThat(count <= maxParts, 'body_too_large', `An upload has at most ${maxParts} parts.`, { param: 'data' });
    const { maxUploadBytes } = config.files;
    const sentence = `The parts of an upload must not be larger than ${maxUploadBytes} bytes together, got ${bytes}.`;
    assertThat(bytes <= maxUploadBytes, 'body_too_large', sentence, { param: 'data' });
    assertRoom(await storedBytes(deps, ownerId), config.files, 'data');
  }

  return {
    async createUpload(wanted, { principal }) {
      const ownerId = ownerOf(principal, 'files');
      const { bytes, name, purpose } = wanted;
      const { maxUploadBytes } = config.files;
      const sentence = `bytes: Expected at most ${maxUploadBytes}, got ${bytes}.`;
      assertThat(bytes <= maxUploadBytes, 'body_too_large', sentence, { param: 'bytes' });
      assertFit({ name, bytes, purpose }, config.files, { name: 'filename', bytes: 'bytes' });
      assertRoom((await storedBytes(deps, ownerId)) + bytes, config.files, 'bytes');
      const createdAt = clock.now();
      const expiresAt = createdAt + uploadLimits.lifetimeMs;
      const upload: Upload = { ...wanted, id: newId('upload'), ownerId, status: 'pending', createdAt, expiresAt };
      await uploads.insert(upload);
      return upload;
    },

    async addUploadPart({ id, blob }, { principal }) {
      const ownerId = ownerOf(principal, 'files');
      const upload = await find(ownerId, id);
      assertPending(upload, 'takes no more parts');
      const part = { id: newId('part'), uploadId: id, ownerId, blob, createdAt: clock.now() };
      await holdPart(deps, part, upload);
      try {
        await assertRoomFor(upload);
        // It may have ended since; whoever ended it did not see this part.
        assertPending(await find(ownerId, id), 'takes no more parts');
      } catch (error) {
        if (error instanceof GatewayError) await dropPart(deps, part);
        throw error;
      }
      return part;
    },

    async completeUpload({ id, partIds, md5 }, { principal, signal }) {
      const ownerId = ownerOf(principal, 'files');
      const upload = await find(ownerId, id);
      const earlier = upload.status === 'completed' ? await files.find(ownerId, fileIdOf(id)) : null;
      if (earlier) return { upload, file: earlier };
      // Completed without a file: whoever completed it died before the file was there.
      if (upload.status !== 'completed') assertPending(upload, 'cannot be completed');
      const parts = await partsInOrder(upload, partIds);
      const blob = await joinParts(blobs, upload, parts, md5, signal);
      if (!(await uploads.end(ownerId, id, 'completed')) && upload.status !== 'completed') {
        await blobs.discard(ownerId, blob.id);
        throw new GatewayError('conflict', `The upload ${id} has been ended by another call.`, { param: 'upload_id' });
      }
      const file = await makeFile(upload, blob);
      await dropParts(deps, ownerId, id);
      return { upload: { ...upload, status: 'completed' }, file };
    },

    async cancelUpload({ id }, { principal }) {
      const ownerId = ownerOf(principal, 'files');
      const upload = await find(ownerId, id);
      if (upload.status !== 'cancelled') {
        assertPending(upload, 'cannot be cancelled');
        const isOurs = await uploads.end(ownerId, id, 'cancelled');
        if (!isOurs) assertPending(await find(ownerId, id), 'cannot be cancelled');
      }
      await dropParts(deps, ownerId, id);
      return { ...upload, status: 'cancelled' };
    },
  };

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
}

function assertPending({ id, status }: Upload, what: string): void {
  assertThat(status === 'pending', 'invalid_request', `The upload ${id} ${what}: it is ${status}.`, {
    param: 'upload_id',
  });
}
