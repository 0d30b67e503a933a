import type { JobEnding, JobRef } from '../core/job.ts';
import { type Close, sayLastWord } from './job.ts';

/** What became of the lines is written down first. */
export const closeLines: Close = (steps, ref, ending) => steps.closeBatch({ ...ref, ...ending });

/** The end of a batch whose own workflow is no more. */
export async function closeBatch({ outcome, error, ...ref }: JobRef & JobEnding): Promise<void> {
  await sayLastWord(ref, { outcome, error }, closeLines);
}
