import type { Logger } from '../core/call.ts';
import { isUnavailable } from '../core/errors.ts';

export interface OutageDependencies {
  isStoreOutage(error: unknown): boolean;
}

/** One of our own engines is away: no fault of the work in hand, and the next would fare no better. */
export function isOutage(deps: OutageDependencies, error: unknown): boolean {
  return deps.isStoreOutage(error) || isUnavailable(error);
}

/** Upkeep of one thing among many: a fault of its own is logged and costs the others nothing; an outage is thrown. */
export async function onItsOwn(
  deps: OutageDependencies & { log: Logger },
  id: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (isOutage(deps, error)) throw error;
    deps.log.error({ err: error, id }, 'upkeep of one thing failed; the next pass tries again');
  }
}
