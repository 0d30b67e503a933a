import { DefaultLogger, Runtime } from '@temporalio/worker';
import type { Logger } from '../core/call.ts';

/** Must run once per process, before the first connection: our log, and our own handling of signals. */
export function installRuntime(log: Logger): void {
  const levels = { TRACE: 'debug', DEBUG: 'debug', INFO: 'debug', WARN: 'warn', ERROR: 'error' } as const;
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      if (!isExpected(message)) log[levels[level]]({ ...meta }, message);
    }),
    telemetryOptions: { logging: { forward: {}, filter: { core: 'WARN', other: 'WARN' } } },
  });
}

/** Each worker serves one queue, and a queue has either workflows or steps. */
function isExpected(message: string): boolean {
  return /^No (activities|workflows) registered/.test(message);
}
