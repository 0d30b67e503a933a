import type { Logger } from '../../src/core/call.ts';

const ignore = () => undefined;

export const silentLog: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

export type LogLine = Record<string, unknown> & { message: string };

export function collectingLog(lines: LogLine[]): Logger {
  const write = (fields: object, message: string) => {
    lines.push({ ...fields, message });
  };
  return { debug: write, info: write, warn: write, error: write };
}
