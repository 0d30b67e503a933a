import type { Config } from '../../config.ts';
import { ownerOf } from '../../core/access.ts';
import { assertThat, GatewayError } from '../../core/errors.ts';
import { type Upload, uploadLimits } from '../../core/upload.ts';
import type { UploadVerbs } from '../../core/verbs.ts';
import { assertFit, assertRoom, type Stores, storedBytes } from '../files/limits.ts';
import { type CompleteDependencies, createCompleteUpload } from './complete-upload.ts';
import { assertPending, findUpload } from './find-upload.ts';
import { dropPart, dropParts, holdPart } from './parts.ts';

export interface UploadDependencies extends CompleteDependencies, Stores {
  config: Pick<Config, 'files'>;
  newJobId(now: number): string;
}

/** Files that come in parts. The file has the body of its upload's id: completed twice, there is still one. */
export function createUploadVerbs(deps: UploadDependencies): UploadVerbs {
  const { config, clock, uploads } = deps;

  function newId(prefix: string): string {
    const id = deps.newJobId(clock.now());
    return `${prefix}${id.slice(id.indexOf('_'))}`;
  }

  const find = (ownerId: number, id: string) => findUpload(deps, ownerId, id);

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

    completeUpload: createCompleteUpload(deps),

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
}
