import type { HttpHeaders } from './client.ts';

/** However long an upstream wants to be left alone, it is asked again after that. */
export const maxRetryAfterMs = 600_000;

/** How long an upstream wants to be left alone: `retry-after-ms`, or `retry-after` in seconds or as a date. */
export function retryAfterOf(headers: HttpHeaders, now = Date.now()): number | null {
  const milliseconds = numberIn(headers['retry-after-ms']);
  if (milliseconds !== null) return capped(milliseconds);
  const seconds = numberIn(headers['retry-after']);
  if (seconds !== null) return capped(seconds * 1_000);
  const date = dateIn(headers['retry-after']);
  return date === null ? null : capped(Math.max(0, date - now));
}

/** The same from the body of a failure of Google's, which has it in no header: `{"retryDelay": "34.07s"}`. */
export function retryDelayIn(body: string): number | null {
  const seconds = /"retryDelay":\s*"(\d+(?:\.\d+)?)s"/.exec(body)?.[1];
  return seconds === undefined ? null : capped(Number(seconds) * 1_000);
}

/** Garbage, and what is negative, counts as nothing said. */
function numberIn(header: string | string[] | undefined): number | null {
  const text = textIn(header);
  return /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : null;
}

/** `Date.parse` makes a date of nearly anything; those of HTTP begin with a day of the week. */
function dateIn(header: string | string[] | undefined): number | null {
  const text = textIn(header);
  const date = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : date;
}

function textIn(header: string | string[] | undefined): string {
  return (typeof header === 'string' ? header : (header?.[0] ?? '')).trim();
}

function capped(delayMs: number): number {
  return Math.min(Math.ceil(delayMs), maxRetryAfterMs);
}
