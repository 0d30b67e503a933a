import { z } from 'zod';
import { fileExpiry, filePurposes, type StoredFile } from '../../../core/file.ts';

export const fileObject = z
  .object({
    id: z.string(),
    object: z.literal('file'),
    bytes: z.int(),
    created_at: z.int().describe('Seconds since the epoch.'),
    expires_at: z.int().nullable().describe('Seconds since the epoch; null for never.'),
    filename: z.string(),
    purpose: z.enum(filePurposes),
    status: z.literal('processed').describe('Deprecated: files are not looked into.'),
    status_details: z.null().describe('Deprecated.'),
  })
  .meta({ id: 'File', description: 'A file of the caller, to be named by its id.' });
export type FileObject = z.input<typeof fileObject>;

export function presentFile({ id, blob, createdAt, expiresAt, name, purpose }: StoredFile): FileObject {
  return {
    id,
    object: 'file',
    bytes: blob.bytes,
    created_at: toSeconds(createdAt),
    expires_at: expiresAt === null ? null : toSeconds(expiresAt),
    filename: name,
    purpose,
    status: 'processed',
    status_details: null,
  };
}

export function toSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1_000);
}

/** `expires_after`; `seconds` is a number in JSON, and text in a form. */
export function expiresAfterWith(seconds: z.ZodInt | z.ZodCoercedNumber) {
  return z.strictObject({
    anchor: z.literal('created_at'),
    seconds: seconds
      .int()
      .min(fileExpiry.minMs / 1_000)
      .max(fileExpiry.maxMs / 1_000),
  });
}

export function toExpiresAfterMs(after: { seconds: number } | null | undefined): number | null {
  return after ? after.seconds * 1_000 : null;
}

export const fileParams = z.object({ file_id: z.string() });
