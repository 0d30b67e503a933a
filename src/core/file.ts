import type { BlobRef } from './blob.ts';

/** What callers upload files for, and what batches write. */
export const filePurposes = [
  'assistants',
  'batch',
  'batch_output',
  'evals',
  'fine-tune',
  'user_data',
  'vision',
] as const;
export type FilePurpose = (typeof filePurposes)[number];

/** A file of a caller's: a name and a purpose for a blob, which is kept while the file is. */
export interface StoredFile {
  /** `file-…` */
  id: string;
  ownerId: number;
  name: string;
  purpose: FilePurpose;
  blob: BlobRef;
  createdAt: number;
  /** Deleted then; null for never. */
  expiresAt: number | null;
}
