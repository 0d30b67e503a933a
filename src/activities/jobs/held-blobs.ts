import type { BatchRepository } from '../../adapters/mongo/batches.ts';
import type { JobMaintenance } from '../../adapters/mongo/job-maintenance.ts';
import type { BlobHold, BlobStore } from '../../core/blob.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Job } from '../../core/job.ts';
import { timeOfJobId } from '../../core/job-id.ts';

/** A job keeps its request's files for as long as it exists. Repeated when a worker begins, for a crash before here. */
export async function holdBlobs(blobs: BlobStore, job: Job): Promise<void> {
  const held = [job.request.bodyBlob, ...Object.values(job.request.files)].filter((blob) => blob !== null);
  for (const blob of held) await blobs.attach(job.ownerId, blob.id, blobReference(job.id));
}

/**
 * The same for a job that ends before anybody began: whoever accepted it may have died before, and a retry needs its
 * files. What is gone already keeps no job from ending.
 */
export async function holdBlobsOfUnbegun(blobs: BlobStore, job: Job): Promise<void> {
  try {
    await holdBlobs(blobs, job);
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'not_found') throw error;
  }
}

/** Takes hold of the files that `retry` shares with `earlier`. Throws `job_expired` when they went with that job. */
export async function holdBlobsOf(earlier: Job, blobs: BlobStore, retry: Job): Promise<void> {
  try {
    await holdBlobs(blobs, retry);
  } catch (error) {
    await blobs.release(retry.ownerId, blobReference(retry.id));
    throw asExpired(error, earlier);
  }
}

/** A file that an ended job no longer has was deleted with it; any other error stays as it is. */
export function asExpired(error: unknown, job: Job): unknown {
  if (!(error instanceof GatewayError) || error.code !== 'not_found') return error;
  return new GatewayError('job_expired', `The request of job ${job.id} has been deleted; send it again.`, {
    cause: error,
  });
}

/** Lets go of everything a job keeps. Comes before its record is removed: what is cut short can be repeated. */
export async function releaseAll(
  { blobs, batches }: { blobs: BlobStore; batches: Pick<BatchRepository, 'remove'> },
  ownerId: number,
  jobId: string,
): Promise<void> {
  await batches.remove(ownerId, jobId);
  await blobs.release(ownerId, linesReference(jobId));
  await blobs.release(ownerId, inputReference(jobId));
  await blobs.release(ownerId, blobReference(jobId));
  await blobs.release(ownerId, resultReference(jobId));
}

/**
 * Lets go of what is held for jobs that are gone. A worker that stood still until its job was deleted takes hold of a
 * result that nobody waits for, and may die before it learns that. Jobs after `before` may not be written down yet.
 */
export async function releaseForgotten(
  { blobs, jobMaintenance }: { blobs: BlobStore; jobMaintenance: JobMaintenance },
  before: number,
): Promise<void> {
  const holds = await blobs.references(holdPrefix);
  const known = await jobMaintenance.lastSequences([...new Set(holds.map(jobOf))]);
  const forgotten = holds.filter((hold) => !known.has(jobOf(hold)) && timeOfJobId(jobOf(hold)) < before);
  for (const { ownerId, reference } of forgotten) await blobs.release(ownerId, reference);
}

const holdPrefix = 'job:';

function jobOf({ reference }: BlobHold): string {
  return reference.slice(holdPrefix.length).split(':', 1)[0] ?? '';
}

/** What holds the files of a job's request. */
function blobReference(jobId: string): string {
  return `${holdPrefix}${jobId}`;
}

/** What holds the input of a batch until it ends. */
export function inputReference(jobId: string): string {
  return `${blobReference(jobId)}:input`;
}

/** What holds the long lines of a batch until its files are written. */
export function linesReference(jobId: string): string {
  return `${blobReference(jobId)}:lines`;
}

/** What holds a job's result, which goes before the job does. */
export function resultReference(jobId: string): string {
  return `${blobReference(jobId)}:result`;
}
