/** Deliveries by the rules of `core/webhooks/delivery-schedule.ts`, to receivers that fail, by senders that die. */
import { jitterShare, judge, standardScheduleMs } from '../../src/core/webhooks/delivery-schedule.ts';
import { createTimeline, type Timeline } from './timeline.ts';

const deliveries = 10;
const hourMs = 3_600_000;
/** The schedule ends after 75 hours; a receiver that is back by then must have been reached. */
const longestOutageMs = 40 * hourMs;
/** Between the answer and its record: the attempt is then made once more, under the same number. */
const diesBeforeRecord = 0.05;

/** What is wrong; nothing if all is well. */
export function simulateDeliveries(seed: number): string[] {
  const timeline = createTimeline(seed, 0);
  return Array.from({ length: deliveries }, (_, index) => deliver(timeline, `wh:evt_${seed}_${index}:we_1`)).flat();
}

function deliver(timeline: Timeline, id: string): string[] {
  const recoversAt = timeline.chance(0.1) ? Number.POSITIVE_INFINITY : timeline.between(0, longestOutageMs);
  const violations: string[] = [];
  let now = 0;
  let accepted = 0;
  for (let attempt = 1; ; attempt += 1) {
    const outcome = answerOf(timeline, now >= recoversAt);
    if (outcome.statusCode === 200) accepted += 1;
    if (timeline.chance(diesBeforeRecord)) {
      attempt -= 1;
      continue;
    }
    const verdict = judge(standardScheduleMs, id, attempt, outcome);
    if (verdict.kind === 'succeeded') return violations;
    if (verdict.kind === 'failed') {
      const isFair = verdict.reason === 'given_up' && recoversAt === Number.POSITIVE_INFINITY && accepted === 0;
      return isFair
        ? violations
        : [...violations, `I4: ${id} was given up (${verdict.reason}) after ${accepted} arrivals`];
    }
    const planned = standardScheduleMs[attempt] ?? 0;
    if (verdict.afterMs < planned * (1 - jitterShare) - 1 || verdict.afterMs > 24 * hourMs * (1 + jitterShare) * 2) {
      violations.push(`I4: ${id} waits ${verdict.afterMs} ms after attempt ${attempt}`);
    }
    now += verdict.afterMs;
  }
}

/** A healthy receiver takes it; an unhealthy one says so in any way, or nothing. */
function answerOf(timeline: Timeline, isHealthy: boolean): Parameters<typeof judge>[3] {
  if (isHealthy) return { statusCode: 200, retryAfter: null };
  const statusCode = [500, 502, 503, 429, 404, 301, null][Math.floor(timeline.random() * 7)] ?? null;
  const delayMs = timeline.between(0, 48 * hourMs);
  return { statusCode, retryAfter: timeline.chance(0.3) ? { delayMs, isDate: timeline.chance(0.5) } : null };
}
