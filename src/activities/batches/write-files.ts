import type { StoredLines } from '../../adapters/mongo/batches.ts';
import type { BatchState } from '../../core/batch.ts';
import type { Job } from '../../core/job.ts';
import type { BatchDependencies } from './open-batch.ts';

type Files = Pick<BatchState, 'outputFileId' | 'errorFileId'>;

/**
 * Makes the files of what was kept, each if there is something for it. Their ids are known beforehand, so that a step
 * that is repeated finds what it has made.
 */
export async function writeFiles(
  deps: Pick<BatchDependencies, 'batches' | 'blobs' | 'fileStorage'>,
  job: Job,
  state: BatchState,
  signal: AbortSignal,
): Promise<Files> {
  async function write(file: 'output' | 'errors', id: string, name: string): Promise<string> {
    const lines = deps.batches.read(job.ownerId, job.id, file);
    const content = textOf(deps, job.ownerId, lines, signal);
    const upload = { content, mediaType: 'application/jsonl', maxBytes: Number.MAX_SAFE_INTEGER };
    const facts = { id, name, purpose: 'batch_output', expiresAfterMs: state.filesExpireAfterMs } as const;
    return (await deps.fileStorage.put(job.ownerId, upload, facts, signal)).id;
  }
  const name = job.id.replace('job_', 'batch_');
  const { output, error } = state.reserved;
  return {
    outputFileId: (await deps.batches.has(job.ownerId, job.id, 'output'))
      ? await write('output', output, `${name}_output.jsonl`)
      : null,
    errorFileId: (await deps.batches.has(job.ownerId, job.id, 'errors'))
      ? await write('errors', error, `${name}_error.jsonl`)
      : null,
  };
}

async function* textOf(
  { blobs }: Pick<BatchDependencies, 'blobs'>,
  ownerId: number,
  lines: AsyncIterable<StoredLines>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  for await (const some of lines) {
    signal.throwIfAborted();
    if ('blob' in some) yield* blobs.read(ownerId, some.blob.id);
    else yield Buffer.from(some.text);
  }
}
