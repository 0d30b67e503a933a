import type { BatchRepository } from '../../adapters/mongo/batches.ts';
import type { JobRepository } from '../../adapters/mongo/jobs.ts';
import type { Principals } from '../../adapters/mongo/principals.ts';
import type { Config } from '../../config.ts';
import { authorise } from '../../core/access.ts';
import type { BatchState } from '../../core/batch.ts';
import type { BlobStore } from '../../core/blob.ts';
import type { Job, JobKind } from '../../core/job.ts';
import type { Room } from '../../core/room.ts';
import type { FileStorage } from '../files/storage.ts';
import type { Lifecycle } from '../jobs/lifecycle.ts';
import { endpointOf, restoreRequest } from '../jobs/stored-request.ts';
import { type FileLine, readLines } from './line-reader.ts';
import type { LineWork, OpenBatch } from './line-work.ts';

export interface BatchDependencies {
  config: Pick<Config, 'batches' | 'http'>;
  clock: { now(): number };
  jobs: JobRepository;
  batches: BatchRepository;
  blobs: BlobStore;
  fileStorage: FileStorage;
  principals: Principals;
  lifecycle: Lifecycle;
  /** For what the lines hold that this process calls, of all batches. */
  room: Room;
  workOf(kind: JobKind): LineWork;
}

/** What every step of a batch needs to know. Throws what its owner would be refused with now. */
export async function openBatch(deps: BatchDependencies, job: Job): Promise<OpenBatch> {
  const request = await restoreRequest(deps.blobs, job);
  const owner = await deps.principals.ofUser(job.ownerId);
  authorise(owner, endpointOf(job.request.operation).permission);
  return { job, state: stateOf(job), request, owner: { ...owner, keyId: job.keyId } };
}

export function stateOf(job: Job): BatchState {
  if (!job.batch) throw new Error(`job ${job.id} is no batch`);
  return job.batch;
}

/** The lines of the input, which nobody has looked at yet. */
export function linesOf({ blobs, config }: BatchDependencies, job: Job): AsyncIterable<FileLine> {
  const content = blobs.read(job.ownerId, stateOf(job).input.id);
  return readLines(content, { offset: 0, line: 1, maxLineBytes: config.http.maxInferenceBodyBytes });
}

/** Those of a shard. They were short enough when they were checked, whatever is configured meanwhile. */
export async function* linesOfShard(deps: BatchDependencies, job: Job, shard: number): AsyncGenerator<FileLine> {
  const range = await deps.batches.findShard(job.ownerId, job.id, shard);
  if (!range) throw new Error(`batch ${job.id} has no shard ${shard}`);
  const { from, to, firstLine } = range;
  const content = deps.blobs.read(job.ownerId, stateOf(job).input.id, { from, to: to - 1 });
  yield* readLines(content, { offset: from, line: firstLine, maxLineBytes: Number.POSITIVE_INFINITY });
}
