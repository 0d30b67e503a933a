import type { GatewayError } from '../core/errors.ts';

const firstDelayMs = 2_000;
/** Also bounds how long after an engine is back a step goes on. */
const maxDelayMs = 15_000;

/** How long a step that has met `before` outages leaves an engine alone that is away. */
export function outageDelayMs(error: GatewayError, before: number): number {
  return Math.min(maxDelayMs, (error.retryAfterMs ?? firstDelayMs) * 2 ** before);
}
