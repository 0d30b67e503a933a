import { type LoggerOptions, type Logger as PinoLogger, pino } from 'pino';
import { redactSecrets } from '../../core/redact.ts';

const flushIntervalMs = 100;

export interface LoggerSettings {
  level: string;
  /** The process: `api` or `worker`. */
  name: string;
}

/** JSON lines on standard output. Redacts by field name and by what values look like. */
export function createLogger(settings: LoggerSettings): PinoLogger {
  // A line by itself costs a system call; what is written within a moment is written together.
  const destination = pino.destination({ dest: 1, sync: false, minLength: 12_288, periodicFlush: flushIntervalMs });
  const options: LoggerOptions = {
    name: settings.name,
    level: settings.level,
    redact: {
      paths: ['authorization', 'headers.authorization', 'password', 'secret', 'key', 'token', '*.password', '*.secret'],
      censor: '[redacted]',
    },
    hooks: { streamWrite: redactSecrets },
  };
  return pino(options, destination);
}
