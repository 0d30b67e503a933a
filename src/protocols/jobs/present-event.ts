import type { Progress } from '../../core/call.ts';
import type { JobEvent } from '../../core/job.ts';
import { presentProgress, seconds } from './present-job.ts';

/** The `data:` of one event in a job's stream. */
export function presentEvent(event: JobEvent): Record<string, unknown> {
  return {
    type: event.type,
    job_id: event.jobId,
    sequence_number: event.sequence,
    created_at: seconds(event.createdAt),
    ...(event.type === 'job.progress'
      ? { progress: presentProgress(event.data as unknown as Progress, event.createdAt) }
      : event.data),
  };
}
