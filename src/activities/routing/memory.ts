import type { UpstreamFigures } from '../../core/metrics.ts';
import type { ModelProvider, ModelRouter } from '../../core/models.ts';
import { RetryBudget } from '../../core/routing/retry-budget.ts';
import { UpstreamHealth } from '../../core/routing/upstream-health.ts';
import { WaitingLine } from './waiting-line.ts';

/** The memory of one provider. */
interface Known {
  name: string;
  updatedAt: number;
  health: UpstreamHealth;
}

export interface RouterMemory {
  budget: RetryBudget;
  line: WaitingLine;
}

/** What this process remembers of routers and providers between requests. A provider that was changed is a new one. */
export function createMemory(maxWaiting: number) {
  const routers = new Map<number, RouterMemory>();
  const providers = new Map<number, Known>();
  return {
    ofRouter({ id }: ModelRouter): RouterMemory {
      const known = routers.get(id);
      if (known) return known;
      const memory = { budget: new RetryBudget(), line: new WaitingLine(maxWaiting) };
      routers.set(id, memory);
      return memory;
    },

    ofProvider({ id, vendor, updatedAt }: ModelProvider): UpstreamHealth {
      const known = providers.get(id);
      if (known?.updatedAt === updatedAt) return known.health;
      const health = new UpstreamHealth();
      providers.set(id, { name: `${vendor}-${id}`, updatedAt, health });
      return health;
    },

    *figures(): Generator<UpstreamFigures> {
      for (const { name, health } of providers.values()) {
        yield { provider: name, breaker: health.breakerIsClosed ? 'closed' : 'open', concurrencyLimit: health.limit };
      }
    },
  };
}

export type Memory = ReturnType<typeof createMemory>;
