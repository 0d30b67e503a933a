/** Files of callers: what they upload to refer to it later, and what batches write. */
import type { BlobRef } from './blob.ts';
import { timeOfJobId } from './job-id.ts';

/** What callers say that they upload a file for. */
export const uploadPurposes = ['assistants', 'batch', 'evals', 'fine-tune', 'user_data', 'vision'] as const;
export type UploadPurpose = (typeof uploadPurposes)[number];

export const filePurposes = [...uploadPurposes, 'batch_output'] as const;
export type FilePurpose = (typeof filePurposes)[number];

/** A model may be shown files of these purposes; those of others are lines for machines. */
export const inputPurposes: readonly FilePurpose[] = ['assistants', 'user_data', 'vision'];

const hour = 3_600_000;
const day = 24 * hour;

/** Milliseconds after its creation. OpenAI's: what batches read and write goes after a month, all others stay. */
export const fileExpiry = { minMs: hour, maxMs: 30 * day, ofBatchMs: 30 * day } as const;

export const fileIdPattern = /^file-[0-9a-hjkmnp-tv-z]{28}$/;

/** A file of a caller's: a name and a purpose for a blob, which is kept while the file is. */
export interface StoredFile {
  /** `file-…`. One that was known before the file was made is older than that. */
  id: string;
  ownerId: number;
  name: string;
  purpose: FilePurpose;
  blob: BlobRef;
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** It is not there any more from then on; null for never. */
  expiresAt: number | null;
}

export interface NewFile {
  blob: BlobRef;
  purpose: UploadPurpose;
  /** Null for what is usual for the purpose. */
  expiresAfterMs: number | null;
}

export interface FileQuery {
  purpose: FilePurpose | null;
  /** By time of creation. */
  order: 'asc' | 'desc';
  /** Answers what follows the file of this id in that order, also where it has been deleted since. */
  after: string | null;
  limit: number;
}

export interface FileList {
  files: readonly StoredFile[];
  hasMore: boolean;
}

/** A file and a job that were made of one id have the same body behind their prefixes. */
export function fileIdOf(id: string): string {
  return `file-${id.slice(id.indexOf('_') + 1)}`;
}

/** When the id was made, in milliseconds since the epoch. */
export function timeOfFileId(id: string): number {
  return timeOfJobId(id.replace('file-', 'job_'));
}
