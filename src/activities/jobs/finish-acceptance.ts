import type { BlobStore } from '../../core/blob.ts';
import type { Job } from '../../core/job.ts';
import type { Admissions } from '../admissions.ts';
import { holdBlobs } from './held-blobs.ts';
import { endpointOf, restoreRequest } from './stored-request.ts';

/**
 * Does again what follows a job's insert, from what is stored: whoever accepted it may have died in between. For the
 * caller who comes back with the same key, and for the worker that begins.
 */
export async function finishAcceptance(deps: { blobs: BlobStore; admissions: Admissions }, job: Job): Promise<void> {
  await holdBlobs(deps.blobs, job);
  const request = await restoreRequest(deps.blobs, job);
  await deps.admissions.accepted(job, endpointOf(job.request.operation).toCore(request.body, request));
}
