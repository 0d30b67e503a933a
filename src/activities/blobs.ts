import { ownerOf } from '../core/access.ts';
import type { BlobStore } from '../core/blob.ts';
import { GatewayError } from '../core/errors.ts';
import type { BlobVerbs } from '../core/verbs.ts';

/** Files of the caller's own. Anybody else's are as unknown as those that never were. */
export function createBlobVerbs({ blobs }: { blobs: BlobStore }): BlobVerbs {
  return {
    async storeBlob(upload, call) {
      return blobs.put(ownerOf(call.principal, 'files'), upload, call.signal);
    },

    async findBlob({ id }, call) {
      const blob = await blobs.find(ownerOf(call.principal, 'files'), id);
      if (!blob) throw new GatewayError('not_found', 'File not found.');
      return blob;
    },

    async *readBlob({ id, range }, call) {
      yield* blobs.read(ownerOf(call.principal, 'files'), id, range);
    },
  };
}
