import { driveJob, type JobStart } from './job.ts';

/** A declared call as a job: one step, which is the call itself. */
export async function runCall(start: JobStart): Promise<void> {
  await driveJob(start, (steps, ref) => steps.runCall(ref));
}
