import { createHash } from 'node:crypto';
import type { BlobRef, BlobStore } from '../../core/blob.ts';
import { assertThat } from '../../core/errors.ts';
import type { Upload, UploadPart } from '../../core/upload.ts';

/** The parts behind each other as one blob, without ever having all of it. Throws when they are not `md5`. */
export async function joinParts(
  blobs: BlobStore,
  { ownerId, name, mediaType, bytes }: Upload,
  parts: readonly UploadPart[],
  md5: string | null,
  signal: AbortSignal,
): Promise<BlobRef> {
  const hash = createHash('md5');
  async function* content(): AsyncGenerator<Uint8Array> {
    for (const part of parts) {
      for await (const piece of blobs.read(ownerId, part.blob.id)) {
        hash.update(piece);
        yield piece;
      }
    }
  }
  const blob = await blobs.put(ownerId, { content: content(), mediaType, name, maxBytes: bytes }, signal);
  const found = hash.digest('hex');
  if (md5 !== null && md5 !== found) await blobs.discard(ownerId, blob.id);
  assertThat(
    md5 === null || md5 === found,
    'invalid_request',
    `md5: Expected the checksum of the file, which is ${found}, got ${md5}.`,
    { param: 'md5' },
  );
  return blob;
}
