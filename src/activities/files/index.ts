import type { Config } from '../../config.ts';
import { ownerOf, ownerOrNobody } from '../../core/access.ts';
import { assertThat, GatewayError } from '../../core/errors.ts';
import type { FileVerbs } from '../../core/verbs.ts';
import { assertFit, assertRoom, expiryOf, type Stores, storedBytes } from './limits.ts';
import { missing } from './missing.ts';
import type { FileStorage } from './storage.ts';

interface FileDependencies extends Stores {
  config: Pick<Config, 'files'>;
  clock: { now(): number };
  fileStorage: FileStorage;
}

const unnamed = 'file';

/** Files of the caller's own. */
export function createFileVerbs(deps: FileDependencies): FileVerbs {
  const { config, clock, files, fileStorage } = deps;
  return {
    async createFile({ blob, purpose, expiresAfterMs }, { principal }) {
      const ownerId = ownerOf(principal, 'files');
      const name = blob.name ?? unnamed;
      assertFit({ name, bytes: blob.bytes, purpose }, config.files, { name: 'file', bytes: 'file' });
      const createdAt = clock.now();
      const expiresAt = expiryOf(purpose, expiresAfterMs, createdAt);
      assertRoom((await storedBytes(deps, ownerId)) + blob.bytes, config.files, 'file');
      const file = await fileStorage.keep(ownerId, blob, { id: null, name, purpose, createdAt, expiresAt });
      // Of those that come at the same time, none that were let in together is over the limit.
      await assertRoomLeft(ownerId, file.id);
      return file;
    },

    async listFiles(query, { principal }) {
      const found = await files.list(ownerOrNobody(principal), query);
      return { files: found.slice(0, query.limit), hasMore: found.length > query.limit };
    },

    async getFile({ id }, { principal }) {
      const file = await files.find(ownerOrNobody(principal), id);
      assertThat(file, 'not_found', missing(id), { param: 'id' });
      return file;
    },

    async deleteFile({ id }, { principal }) {
      const wasThere = await fileStorage.remove(ownerOrNobody(principal), id);
      assertThat(wasThere, 'not_found', missing(id), { param: 'id' });
    },
  };

  async function assertRoomLeft(ownerId: number, id: string): Promise<void> {
    try {
      assertRoom(await storedBytes(deps, ownerId), config.files, 'file');
    } catch (error) {
      if (error instanceof GatewayError) await fileStorage.remove(ownerId, id);
      throw error;
    }
  }
}
