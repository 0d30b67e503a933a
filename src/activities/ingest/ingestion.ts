import type { Checkouts } from '../../adapters/blobs/checkout.ts';
import type { ExtractionRepository } from '../../adapters/mongo/extractions.ts';
import type { IngestionRepository } from '../../adapters/mongo/ingestions.ts';
import type { Principals } from '../../adapters/mongo/principals.ts';
import type { Config } from '../../config.ts';
import { authorise, type Principal } from '../../core/access.ts';
import type { BlobRef, BlobStore } from '../../core/blob.ts';
import type { Progress } from '../../core/call.ts';
import type { IngestProgress, NewDocument } from '../../core/collection.ts';
import type { DocumentParser } from '../../core/document.ts';
import { GatewayError } from '../../core/errors.ts';
import { percentOf } from '../../core/ingest-progress.ts';
import type { Job, JobRun, NewJobEvent } from '../../core/job.ts';
import type { Lifecycle } from '../jobs/lifecycle.ts';
import { endpointOf, restoreRequest } from '../jobs/stored-request.ts';

export interface IngestDependencies {
  config: Pick<Config, 'documents'>;
  blobs: BlobStore;
  checkouts: Checkouts;
  parser: DocumentParser;
  principals: Principals;
  ingestions: IngestionRepository;
  extractions: ExtractionRepository;
  lifecycle: Lifecycle;
}

/** What every step of an ingestion needs to know: whose, which document, which version, what the caller asked for. */
export interface Ingestion {
  run: JobRun;
  job: Job;
  owner: Principal;
  documentId: number;
  version: number;
  file: BlobRef;
  wanted: NewDocument;
}

/** Deleted by its owner, alone or with its collection, or filled again by a later job. */
export function documentGone(): GatewayError {
  return new GatewayError('not_found', 'The document was deleted or replaced while it was being read.');
}

/**
 * Looks the ingestion up and makes sure that this run still has it, and that its owner may still ask for it. Throws
 * `LostJobError`, `not_found`, or what the owner would be refused with.
 */
export async function openIngestion(deps: IngestDependencies, run: JobRun): Promise<Ingestion> {
  const job = await deps.lifecycle.current(run);
  const request = await restoreRequest(deps.blobs, job);
  const endpoint = endpointOf(job.request.operation);
  const owner = await deps.principals.ofUser(job.ownerId);
  authorise(owner, endpoint.permission);
  const wanted = endpoint.toCore(request.body, request) as NewDocument;
  const documentId = job.subject?.documentId ?? 0;
  const version = await deps.ingestions.versionOf(job.ownerId, documentId, job.id);
  if (version === null || !wanted.file) throw documentGone();
  return { run, job, owner, documentId, version, file: wanted.file, wanted };
}

/** Writes what a step has done where callers see it. A null count means that the document was taken from the job. */
export async function reportProgress(
  deps: IngestDependencies,
  run: JobRun,
  counts: IngestProgress | null,
  events: readonly NewJobEvent[] = [],
): Promise<void> {
  if (!counts) throw documentGone();
  await deps.lifecycle.report(run, events, toProgress(counts));
}

function toProgress(counts: IngestProgress): Progress {
  const { unit, partsDone, partsTotal, batchesDone, batchesTotal } = counts;
  const percent = percentOf(counts);
  if (batchesTotal !== null) {
    const message = `indexed batch ${batchesDone} of ${batchesTotal}`;
    return { stage: 'index', completed: batchesDone, total: batchesTotal, message, percent };
  }
  const message = partsTotal === null ? null : `read ${unit} ${partsDone} of ${partsTotal}`;
  return { stage: 'extract', completed: partsDone, total: partsTotal, message, percent };
}
