import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { terminalStatuses } from '../../core/job.ts';
import type { Metrics, OpenJobCounts } from '../../core/metrics.ts';

type JobMetrics = Pick<Metrics, 'jobDispatched' | 'jobBegan' | 'jobAttempted' | 'jobEnded'>;

/** From an embedding to a long document. */
const secondsBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3_600];
/** Readers that come more often get the same counts: a count is a question to the store. */
const countedForMs = 10_000;

export function createJobMetrics(registry: Registry, countOpenJobs: () => Promise<OpenJobCounts>): JobMetrics {
  const registers = [registry];
  const counted = cached(countOpenJobs, countedForMs);
  new Gauge({
    name: 'gateway_jobs',
    help: 'Jobs of the whole installation that have not ended, by status.',
    labelNames: ['status'],
    registers,
    async collect() {
      // While the store is away the other figures are wanted all the more.
      const counts = await counted().catch(() => ({}));
      this.reset();
      for (const [status, count] of Object.entries(counts)) this.set({ status }, count);
    },
  });
  const dispatchLag = new Histogram({
    name: 'gateway_dispatch_lag_seconds',
    help: 'From the acceptance of a job to the start of its workflow.',
    buckets: secondsBuckets,
    registers,
  });
  const queued = new Histogram({
    name: 'gateway_job_queue_seconds',
    help: 'From the acceptance of a job until a worker first takes it over.',
    buckets: secondsBuckets,
    registers,
  });
  const ran = new Histogram({
    name: 'gateway_job_run_seconds',
    help: 'From the first take-over of a job to its end.',
    buckets: secondsBuckets,
    registers,
  });
  const attempts = new Counter({
    name: 'gateway_job_attempts_total',
    help: 'Tries of jobs by how they ended; a job that is tried again counts each time.',
    labelNames: ['outcome'],
    registers,
  });
  for (const outcome of terminalStatuses) attempts.inc({ outcome }, 0);

  return {
    jobDispatched: (lagMs) => dispatchLag.observe(lagMs / 1_000),
    jobBegan: (queuedMs) => queued.observe(queuedMs / 1_000),
    jobAttempted: (outcome) => attempts.inc({ outcome }),
    jobEnded: (ranMs) => ran.observe(ranMs / 1_000),
  };
}

function cached<Value>(read: () => Promise<Value>, forMs: number): () => Promise<Value> {
  let latest: { value: Promise<Value>; until: number } | null = null;
  return () => {
    if (latest === null || Date.now() >= latest.until) {
      const value = read();
      latest = { value, until: Date.now() + forMs };
      // A failure is not kept.
      value.catch(() => {
        latest = null;
      });
    }
    return latest.value;
  };
}
