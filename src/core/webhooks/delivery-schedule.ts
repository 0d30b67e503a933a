/**
 * When a webhook is sent, what its receiver's answer means, and when it is sent again. The schedule is that of Standard
 * Webhooks; the bounds of `Retry-After` and the jitter are those of Svix.
 */
import type { RetryAfter } from '../retry-after.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

/** The pause before each attempt, the first included: ten attempts in 75 h 35 min 5 s. */
export const standardScheduleMs: readonly number[] = [
  0,
  5 * second,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  24 * hour,
];

/** How far a pause may be from the planned one, so that what failed together does not come back together. */
export const jitterShare = 0.2;

/** Of a 503 that says when it will be back; any other wish is met up to twice the planned pause. */
const maxPauseUntilDateMs = 24 * hour;

/** What came of an attempt; `statusCode` is null when no answer came. */
export interface AttemptOutcome {
  statusCode: number | null;
  retryAfter: RetryAfter | null;
}

export type Verdict =
  | { kind: 'succeeded' }
  | { kind: 'again'; afterMs: number }
  /** `gone`: the receiver asked never to be called again. `given_up`: the schedule has ended. */
  | { kind: 'failed'; reason: 'gone' | 'given_up' };

/** What follows from the attempt that was number `attempt`, counted from 1, of the delivery `deliveryId`. */
export function judge(
  scheduleMs: readonly number[],
  deliveryId: string,
  attempt: number,
  outcome: AttemptOutcome,
): Verdict {
  if (isAccepted(outcome.statusCode)) return { kind: 'succeeded' };
  if (asksForNoMore(outcome)) return { kind: 'failed', reason: 'gone' };
  const planned = scheduleMs[attempt];
  if (planned === undefined) return { kind: 'failed', reason: 'given_up' };
  return { kind: 'again', afterMs: heeding(jittered(planned, `${deliveryId}:${attempt}`), outcome) };
}

/** A redirect is none: a receiver that moved says so to whoever runs it, not to us. */
function isAccepted(statusCode: number | null): boolean {
  return statusCode !== null && statusCode >= 200 && statusCode < 300;
}

/** The receiver is gone for good, and says so. */
export function asksForNoMore({ statusCode }: Pick<AttemptOutcome, 'statusCode'>): boolean {
  return statusCode === 410;
}

/** The receiver, or what stands before it, is overloaded: fewer calls at once until one succeeds. */
export function asksToSlowDown({ statusCode }: AttemptOutcome): boolean {
  return statusCode === null || statusCode === 429 || statusCode === 502 || statusCode === 504;
}

/** The planned pause, as far as the receiver's wish lengthens it. */
function heeding(plannedMs: number, { statusCode, retryAfter }: AttemptOutcome): number {
  if (!retryAfter) return plannedMs;
  const namesReturn = statusCode === 503 && retryAfter.isDate;
  const longest = namesReturn ? Math.max(2 * plannedMs, maxPauseUntilDateMs) : 2 * plannedMs;
  return Math.min(longest, Math.max(plannedMs, retryAfter.delayMs));
}

/** The same for the same seed, whoever computes it. */
function jittered(plannedMs: number, seed: string): number {
  return Math.round(plannedMs * (1 + jitterShare * (2 * fraction(seed) - 1)));
}

/** A number from 0 to 1 made of a text: FNV-1a, mixed once more, as ids that differ in the last sign are close in it. */
function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
