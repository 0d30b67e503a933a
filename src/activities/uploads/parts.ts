import type { UploadRepository } from '../../adapters/mongo/uploads.ts';
import type { BlobStore } from '../../core/blob.ts';
import type { UploadPart } from '../../core/upload.ts';

interface PartDependencies {
  uploads: UploadRepository;
  blobs: BlobStore;
}

/** Takes a part in. It is written down before its blob is held, so that nothing is held that nobody knows of. */
export async function holdPart(
  { uploads, blobs }: PartDependencies,
  part: UploadPart,
  upload: { expiresAt: number },
): Promise<void> {
  await uploads.addPart(part, upload);
  await blobs.attach(part.ownerId, part.blob.id, referenceOf(part.uploadId));
}

/** Blob first, here and below: cut short, the sweep goes on from the record. */
export async function dropPart(
  { uploads, blobs }: PartDependencies,
  { ownerId, id, uploadId, blob }: UploadPart,
): Promise<void> {
  await blobs.detach(ownerId, blob.id, referenceOf(uploadId));
  await uploads.removePart(ownerId, id);
}

/** Lets go of every part of an upload that has ended. */
export async function dropParts(
  { uploads, blobs }: PartDependencies,
  ownerId: number,
  uploadId: string,
): Promise<void> {
  await blobs.release(ownerId, referenceOf(uploadId));
  await uploads.removeParts(ownerId, uploadId);
}

/** Deletes uploads that are past their time, with their parts, `limit` of each at most. Answers how many. */
export async function purgeUploads(deps: PartDependencies, limit: number): Promise<number> {
  const parts = await deps.uploads.overdueParts(limit);
  for (const part of parts) await dropPart(deps, part);
  return parts.length + (await deps.uploads.removeOverdue(limit));
}

/** What holds the blobs of an upload's parts. */
function referenceOf(uploadId: string): string {
  return `upload:${uploadId}`;
}
