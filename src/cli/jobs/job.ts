/** What this program reads of the API's job. */
export interface Job {
  id: string;
  endpoint: string;
  model: string | null;
  status: string;
  created_at: number;
  progress: Progress | null;
  error: { code: string; message: string } | null;
  last_sequence_number: number;
}

export interface Progress {
  percent: number | null;
  stage: string;
  completed: number;
  total: number | null;
  message: string | null;
}

/** One event of a job's log. */
export interface JobEvent {
  type: string;
  job_id: string;
  sequence_number: number;
  created_at: number;
  progress?: Progress;
}

export const endings = ['completed', 'failed', 'cancelled', 'expired'] as const;

export function pathOf(jobId: string): string {
  return `/v1/jobs/${encodeURIComponent(jobId)}`;
}
