import { z } from 'zod';
import { metadataLimits } from '../../core/job.ts';

const { maxPairs, maxKeyLength, maxValueLength } = metadataLimits;

/** `metadata`: a caller's own labels. */
export const labels = z
  .record(z.string().max(maxKeyLength), z.string().max(maxValueLength))
  .refine((pairs) => Object.keys(pairs).length <= maxPairs, { error: `Expected at most ${maxPairs} pairs.` });
