import { ownerOf } from '../core/access.ts';
import type { BlobStore } from '../core/blob.ts';
import type { BlobVerbs } from '../core/verbs.ts';

/** Files of the caller's own. Anybody else's are as unknown as those that never were. */
export function createBlobVerbs({ blobs }: { blobs: BlobStore }): BlobVerbs {
  return {
    async storeBlob(upload, call) {
      return blobs.put(ownerOf(call.principal, 'files'), upload, call.signal);
    },

    async discardBlob({ id }, call) {
      await blobs.discard(ownerOf(call.principal, 'files'), id);
    },

    async *readBlob({ id, range }, call) {
      yield* blobs.read(ownerOf(call.principal, 'files'), id, range);
    },
  };
}
