import type { UsageRepository } from '../../adapters/mongo/usage.ts';
import type { UsageVerbs } from '../../core/verbs.ts';

const defaultSpanMs = 30 * 24 * 3600 * 1000;

/** The caller's own; the master key's calls are those of user 0. */
export function createListUsage(deps: { usage: UsageRepository; clock: { now(): number } }): UsageVerbs['listUsage'] {
  return async (query, call) => {
    const now = deps.clock.now();
    const to = query.to ?? now;
    return deps.usage.list(call.principal.userId, { ...query, from: query.from ?? now - defaultSpanMs, to });
  };
}
