import type { JobRepository } from '../../adapters/mongo/jobs.ts';
import { crashPoint } from '../../core/crash-point.ts';
import type { Job } from '../../core/job.ts';
import type { Admissions } from '../admissions.ts';

/**
 * Tells what hangs on a job that it has ended without completing, and notes that this is done: a job for which it was
 * not comes up again in the reconciler. Safe to repeat.
 */
export async function settle(deps: { jobs: JobRepository; admissions: Admissions }, job: Job): Promise<void> {
  crashPoint('settle.ended.before_admission');
  await deps.admissions.ended(job);
  crashPoint('settle.told.before_note');
  await deps.jobs.markSettled(job.ownerId, job.id);
}
