/** Files that come in parts, which may come side by side and again. */
import type { BlobRef } from './blob.ts';
import type { UploadPurpose } from './file.ts';

export type UploadStatus = 'pending' | 'completed' | 'cancelled' | 'expired';

/** OpenAI's hour to send all parts in; and a bound of ours on how many there can be. */
export const uploadLimits = { lifetimeMs: 3_600_000, maxParts: 10_000 } as const;

export interface NewUpload {
  /** Of the whole file, which must come to exactly that. */
  bytes: number;
  name: string;
  mediaType: string;
  purpose: UploadPurpose;
  /** Of the file; null for what is usual for the purpose. */
  fileExpiresAfterMs: number | null;
}

export interface Upload extends NewUpload {
  /** `upload_…` */
  id: string;
  ownerId: number;
  status: UploadStatus;
  /** Milliseconds since the epoch. */
  createdAt: number;
  /** Takes no more parts, and is not completed, from then on. */
  expiresAt: number;
}

export interface UploadPart {
  /** `part_…` */
  id: string;
  uploadId: string;
  ownerId: number;
  blob: BlobRef;
  /** Milliseconds since the epoch. */
  createdAt: number;
}

export interface UploadCompletion {
  id: string;
  /** In the order of the file. */
  partIds: readonly string[];
  /** Lower-case hex, of the whole file; null where the caller does not know it. */
  md5: string | null;
}

/** One whose time is over says so, whether or not anybody has written it down. */
export function statusAt({ status, expiresAt }: Pick<Upload, 'status' | 'expiresAt'>, now: number): UploadStatus {
  return status === 'pending' && expiresAt <= now ? 'expired' : status;
}
