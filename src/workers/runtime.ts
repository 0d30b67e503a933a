import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { Logger } from '../core/call.ts';

/**
 * Must run once per process, before the first connection: our log, and our own handling of signals. `metricsAddress`:
 * where the library serves its figures; null for nowhere.
 */
export function installRuntime(log: Logger, metricsAddress: string | null = null): void {
  const levels = { TRACE: 'debug', DEBUG: 'debug', INFO: 'debug', WARN: 'warn', ERROR: 'error' } as const;
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      if (!isExpected(message)) log[levels[level]]({ ...meta }, message);
    }),
    telemetryOptions: {
      logging: { forward: {}, filter: { core: 'WARN', other: 'WARN' } },
      ...(metricsAddress !== null && { metrics: { prometheus: { ...metricNames, bindAddress: metricsAddress } } }),
    },
  });
}

/** As Prometheus wants them named: counters end in `_total`, durations are seconds. */
const metricNames = { countersTotalSuffix: true, unitSuffix: true, useSecondsForDurations: true };

/** Each worker serves one queue, and a queue has either workflows or steps. */
function isExpected(message: string): boolean {
  return /^No (activities|workflows) registered/.test(message);
}
