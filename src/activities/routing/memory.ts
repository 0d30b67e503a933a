import type { ModelProvider, ModelRouter } from '../../core/models.ts';
import { RetryBudget } from '../../core/routing/retry-budget.ts';
import { UpstreamHealth } from '../../core/routing/upstream-health.ts';
import { WaitingLine } from './waiting-line.ts';

export interface RouterMemory {
  budget: RetryBudget;
  line: WaitingLine;
}

/** What this process remembers of routers and providers between requests. A provider that was changed is a new one. */
export function createMemory(maxWaiting: number) {
  const routers = new Map<number, RouterMemory>();
  const providers = new Map<number, { updatedAt: number; health: UpstreamHealth }>();
  return {
    ofRouter({ id }: ModelRouter): RouterMemory {
      const known = routers.get(id);
      if (known) return known;
      const memory = { budget: new RetryBudget(), line: new WaitingLine(maxWaiting) };
      routers.set(id, memory);
      return memory;
    },

    ofProvider({ id, updatedAt }: ModelProvider): UpstreamHealth {
      const known = providers.get(id);
      if (known?.updatedAt === updatedAt) return known.health;
      const health = new UpstreamHealth();
      providers.set(id, { updatedAt, health });
      return health;
    },
  };
}

export type Memory = ReturnType<typeof createMemory>;
