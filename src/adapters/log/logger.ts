import { type LoggerOptions, type Logger as PinoLogger, pino } from 'pino';

const flushIntervalMs = 100;

export interface LoggerSettings {
  level: string;
  /** The process: `api` or `worker`. */
  name: string;
}

/** What looks like a credential wherever it stands: our keys, bearer tokens, webhook secrets, `key=` parameters. */
const secrets =
  /\b(sk_[a-z]+_)[0-9A-Za-z]{12,}|\b(sk-)[0-9A-Za-z_-]{12,}|\b(whsec_)\S+|(Bearer\s+)\S+|([?&]key=)[^&\s"]+/g;

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
    hooks: { streamWrite: redactValues },
  };
  return pino(options, destination);
}

function redactValues(line: string): string {
  return line.replace(secrets, (_match, ...groups: (string | undefined)[]) => {
    const prefix = groups.slice(0, 5).find((group) => group !== undefined) ?? '';
    return `${prefix}[redacted]`;
  });
}
