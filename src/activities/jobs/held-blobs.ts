import type { BlobStore } from '../../core/blob.ts';
import type { Job } from '../../core/job.ts';

/** A job keeps its request's files for as long as it exists. Repeated when a worker begins, for a crash before here. */
export async function holdBlobs(blobs: BlobStore, job: Job): Promise<void> {
  const held = [job.request.bodyBlob, ...Object.values(job.request.files)].filter((blob) => blob !== null);
  await Promise.all(held.map((blob) => blobs.attach(job.ownerId, blob.id, blobReference(job.id))));
}

export function blobReference(jobId: string): string {
  return `job:${jobId}`;
}
