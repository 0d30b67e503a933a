import { readRetryAfter } from '../../core/retry-after.ts';
import type { HttpHeaders } from './client.ts';

/** However long an upstream wants to be left alone, it is asked again after that. */
export const maxRetryAfterMs = 600_000;

/** How long an upstream wants to be left alone: `retry-after-ms`, or `retry-after` in seconds or as a date. */
export function retryAfterOf(headers: HttpHeaders, now = Date.now()): number | null {
  const milliseconds = textIn(headers['retry-after-ms']);
  if (/^\d+(?:\.\d+)?$/.test(milliseconds)) return capped(Number(milliseconds));
  const wish = readRetryAfter(textIn(headers['retry-after']), now);
  return wish && capped(wish.delayMs);
}

/** The same from the body of a failure of Google's, which has it in no header: `{"retryDelay": "34.07s"}`. */
export function retryDelayIn(body: string): number | null {
  const seconds = /"retryDelay":\s*"(\d+(?:\.\d+)?)s"/.exec(body)?.[1];
  return seconds === undefined ? null : capped(Number(seconds) * 1_000);
}

function textIn(header: string | string[] | undefined): string {
  return (typeof header === 'string' ? header : (header?.[0] ?? '')).trim();
}

function capped(delayMs: number): number {
  return Math.min(Math.ceil(delayMs), maxRetryAfterMs);
}
