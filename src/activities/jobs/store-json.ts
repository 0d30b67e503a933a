import type { BlobRef, BlobStore } from '../../core/blob.ts';

/** JSON text that is too large for a job's record. The blob is the caller's to attach. */
export function storeJson(blobs: BlobStore, ownerId: number, text: Buffer, signal: AbortSignal): Promise<BlobRef> {
  const upload = {
    content: (async function* () {
      yield text;
    })(),
    mediaType: 'application/json',
    name: null,
    maxBytes: text.byteLength,
  };
  return blobs.put(ownerId, upload, signal);
}
