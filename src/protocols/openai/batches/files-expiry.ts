import { z } from 'zod';
import { fileExpiry } from '../../../core/file.ts';

/** Counted from when a file is made. */
export const filesExpiry = z.looseObject({
  anchor: z.literal('created_at'),
  seconds: z
    .int()
    .min(fileExpiry.minMs / 1000)
    .max(fileExpiry.maxMs / 1000),
});

/** Null for what is usual for files of batches. */
export function toMilliseconds(expiry: z.output<typeof filesExpiry> | null | undefined): number | null {
  return expiry == null ? null : expiry.seconds * 1000;
}
