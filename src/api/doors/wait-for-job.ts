import type { Call } from '../../core/call.ts';
import { isTerminal, type Job } from '../../core/job.ts';
import type { Verbs } from '../../core/verbs.ts';

export interface Wait {
  job: Job;
  until: 'change' | 'terminal';
  /** Changes up to this sequence number are known to the caller; those of `job` unless given. */
  afterSequence?: number;
  timeoutMs: number;
}

interface Waiter {
  verbs: Pick<Verbs, 'waitForJob' | 'getJob'>;
  draining: AbortSignal;
}

/** The job as soon as it has moved on, or unchanged when the time is up or the server has begun to stop. */
export async function waitForJob({ verbs, draining }: Waiter, wait: Wait, call: Call): Promise<Job> {
  const { job, until, timeoutMs, afterSequence = job.lastSequence } = wait;
  const hasChanged = until === 'change' && job.lastSequence > afterSequence;
  if (timeoutMs === 0 || hasChanged || isTerminal(job.status)) return job;
  const signal = AbortSignal.any([call.signal, draining]);
  try {
    return await verbs.waitForJob({ id: job.id, afterSequence, until, timeoutMs }, { ...call, signal });
  } catch (error) {
    if (!draining.aborted || call.signal.aborted) throw error;
    return verbs.getJob({ id: job.id }, call);
  }
}
