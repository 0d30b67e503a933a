import type { Metrics } from '../../src/core/metrics.ts';

/** For what is tested without its figures. */
export const noMetrics: Metrics = {
  jobDispatched: () => undefined,
  jobBegan: () => undefined,
  jobAttempted: () => undefined,
  jobEnded: () => undefined,
  webhookAttempted: () => undefined,
  webhookFirstTried: () => undefined,
  modelCalled: () => undefined,
  watchUpstreams: () => undefined,
};
