import type { UsageRecord } from './billing/usage-record.ts';
import type { JobStatus, TerminalStatus } from './job.ts';

/** How one try of a delivery ended. `refused`: a 3xx or 4xx; `blocked`: the address may not be called. */
export type WebhookOutcome = 'delivered' | 'refused' | 'server_error' | 'timeout' | 'unreachable' | 'blocked';

/** What this process knows of one upstream. */
export interface UpstreamFigures {
  /** `openai-12`: vendor and id of the provider. */
  provider: string;
  breaker: 'closed' | 'open';
  /** Calls at once; null for no bound. */
  concurrencyLimit: number | null;
}

/**
 * What happens, told in our own words; `adapters/metrics` gives it the names and units of Prometheus. Nothing here takes
 * the id of a caller, a key or a job: figures are read by whoever runs the product.
 */
export interface Metrics {
  /** The job's workflow was started, `lagMs` after the job was accepted. */
  jobDispatched(lagMs: number): void;
  /** A worker took the job over for the first time, `queuedMs` after it was accepted. */
  jobBegan(queuedMs: number): void;
  /** A try of a job ended; a job that is tried again counts each time. */
  jobAttempted(outcome: TerminalStatus): void;
  /** The job ended, `ranMs` after a worker first took it over. */
  jobEnded(ranMs: number): void;
  webhookAttempted(outcome: WebhookOutcome): void;
  /** The first try of a message began, `delayMs` after it was owed. */
  webhookFirstTried(delayMs: number): void;
  /** A call on a model is over. */
  modelCalled(record: UsageRecord): void;
  /** `read` is asked whenever somebody looks at the figures. */
  watchUpstreams(read: () => Iterable<UpstreamFigures>): void;
}

export type OpenJobCounts = Record<Exclude<JobStatus, TerminalStatus>, number>;
