/** What a server asks for with `Retry-After`. Source: RFC 9110, section 10.2.3. */

export interface RetryAfter {
  delayMs: number;
  /** It named a point in time, not a number of seconds. */
  isDate: boolean;
}

/** Null for none, and for garbage: what is negative or no date of HTTP counts as nothing said. */
export function readRetryAfter(header: string, now: number): RetryAfter | null {
  const text = header.trim();
  if (/^\d+(?:\.\d+)?$/.test(text)) return { delayMs: Math.ceil(Number(text) * 1_000), isDate: false };
  // `Date.parse` makes a date of nearly anything; those of HTTP begin with a day of the week.
  const date = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]*,? /.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? null : { delayMs: Math.max(0, date - now), isDate: true };
}
