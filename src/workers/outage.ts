import { GatewayError } from '../core/errors.ts';

/** Our own engines being away is no fault of the work: it waits for them as it would for a worker. */
export function isOutage(error: unknown): boolean {
  return error instanceof GatewayError && error.code === 'unavailable';
}
