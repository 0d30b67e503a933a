import type { FileRepository } from '../../adapters/mongo/files.ts';
import type { JobRepository } from '../../adapters/mongo/jobs.ts';
import type { UploadRepository } from '../../adapters/mongo/uploads.ts';
import type { Config } from '../../config.ts';
import { assertThat } from '../../core/errors.ts';
import { type FilePurpose, fileExpiry } from '../../core/file.ts';

type FileSettings = Pick<Config['files'], 'maxBatchBytes' | 'maxStoredBytes'>;

/** Throws `invalid_request` and `body_too_large` for a file that its purpose does not allow. */
export function assertFit(
  { name, bytes, purpose }: { name: string; bytes: number; purpose: FilePurpose },
  { maxBatchBytes }: FileSettings,
  params: { name: string; bytes: string },
): void {
  if (purpose !== 'batch') return;
  assertThat(
    name.toLowerCase().endsWith('.jsonl'),
    'invalid_request',
    `Expected a file of the purpose 'batch' to be named '….jsonl', got '${name}'.`,
    { param: params.name },
  );
  assertThat(
    bytes <= maxBatchBytes,
    'body_too_large',
    `A file of the purpose 'batch' must not be larger than ${maxBatchBytes} bytes, got ${bytes}.`,
    { param: params.bytes },
  );
}

/** Throws `body_too_large` when `bytes` is more than is kept for one owner. */
export function assertRoom(bytes: number, { maxStoredBytes }: FileSettings, param: string): void {
  assertThat(
    bytes <= maxStoredBytes,
    'body_too_large',
    `Your files would take ${bytes} bytes together, and ${maxStoredBytes} are kept. Delete some.`,
    { param },
  );
}

const ofBatches: readonly FilePurpose[] = ['batch', 'batch_output'];

/** When a file that is made `now` will expire; null for never. */
export function expiryOf(purpose: FilePurpose, expiresAfterMs: number | null, now: number): number | null {
  const afterMs = expiresAfterMs ?? (ofBatches.includes(purpose) ? fileExpiry.ofBatchMs : null);
  return afterMs === null ? null : now + afterMs;
}

export interface Stores {
  files: FileRepository;
  uploads: UploadRepository;
  jobs: Pick<JobRepository, 'openInputs'>;
}

/** All files of one owner, with the parts of those that are not complete, and deleted ones that batches still read. */
export async function storedBytes(stores: Stores, ownerId: number): Promise<number> {
  const sums = [stores.files.totalBytes(ownerId), stores.uploads.totalBytes(ownerId), heldBytes(stores, ownerId)];
  return (await Promise.all(sums)).reduce((total, bytes) => total + bytes, 0);
}

async function heldBytes({ files, jobs }: Stores, ownerId: number): Promise<number> {
  const inputs = new Map((await jobs.openInputs(ownerId)).map(({ inputFileId, input }) => [inputFileId, input.bytes]));
  if (inputs.size === 0) return 0;
  for (const id of await files.kept(ownerId, [...inputs.keys()])) inputs.delete(id);
  return [...inputs.values()].reduce((total, bytes) => total + bytes, 0);
}
