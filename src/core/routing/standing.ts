/** What is known of a provider at the moment a request looks for one. */
export interface Condition {
  /** The provider's own bound on calls at once: null for none, 0 for closed. */
  qosLimit: number | null;
  /** Calls under way, over all processes. */
  inFlight: number;
  /** Calls under way in this process. */
  ownInFlight: number;
  /** Calls at once that this process may have there; null for no bound. */
  ownLimit: number | null;
  /** It did not fail too often. */
  breakerAdmits: boolean;
  /** It did not ask to be left alone until later. */
  pauseAdmits: boolean;
}

/** Whether a provider can be asked now, or what has to pass before. `full` passes by itself. */
export type Standing = 'ready' | 'closed' | 'failing' | 'paused' | 'full';

/** The share of a provider's capacity that work without a waiting caller may take. */
const backgroundShare = 0.7;

export function standingOf(condition: Condition, inBackground: boolean): Standing {
  const { qosLimit, inFlight, ownInFlight, ownLimit } = condition;
  if (qosLimit === 0) return 'closed';
  if (!condition.breakerAdmits) return 'failing';
  if (!condition.pauseAdmits) return 'paused';
  const hasRoom = isBelow(inFlight, qosLimit, inBackground) && isBelow(ownInFlight, ownLimit, inBackground);
  return hasRoom ? 'ready' : 'full';
}

function isBelow(count: number, limit: number | null, inBackground: boolean): boolean {
  if (limit === null) return true;
  return count < (inBackground ? Math.max(1, Math.floor(limit * backgroundShare)) : limit);
}
