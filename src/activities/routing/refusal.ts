import { GatewayError } from '../../core/errors.ts';
import { mostUseful } from '../../core/routing/failure.ts';
import type { Option } from './route.ts';

const leastWaitMs = 1_000;
const maxWaitMs = 60_000;

/** What a caller hears whom no provider serves: what those said that were asked, or why nobody can be asked. */
export function refusal(errors: readonly GatewayError[], options: readonly Option[], now: number): GatewayError {
  const pauses = options.flatMap((option) => (option.standing === 'paused' ? pauseOf(option, now) : []));
  const heard = mostUseful([...errors, ...pauses]);
  if (heard) return heard;
  const standings = options.map(({ standing }) => standing);
  if (standings.includes('full')) return overloaded('Every provider of the model is busy.', leastWaitMs);
  if (standings.includes('failing')) {
    const waits = options.map((option) => (option.standing === 'failing' ? waitOf(option, now) : maxWaitMs));
    return overloaded('The providers of the model have failed too often of late.', Math.min(...waits));
  }
  return overloaded('The model is closed.', maxWaitMs);
}

function pauseOf(option: Option, now: number): GatewayError {
  const message = "The model's provider takes no more requests for now.";
  return new GatewayError('rate_limit_exceeded', message, { retryAfterMs: waitOf(option, now) });
}

function waitOf({ health }: Option, now: number): number {
  return Math.max(leastWaitMs, (health.readyAt(now) ?? now) - now);
}

function overloaded(message: string, retryAfterMs: number): GatewayError {
  return new GatewayError('overloaded', `${message} Please try again later.`, { retryAfterMs });
}
