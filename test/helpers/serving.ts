import { createServe, type Serve, type ServeDependencies } from '../../src/activities/routing/serve.ts';
import type { Vendor } from '../../src/adapters/providers/vendor.ts';
import { noMetrics } from './metrics.ts';
import { testSecrets } from './models.ts';

/** The load of a process that is alone; `others` is what the rest would say. */
export function countLoad(others: Readonly<Record<number, number>> = {}): ServeDependencies['providerLoad'] {
  const own = new Map<number, number>();
  const ownOf = (id: number) => own.get(id) ?? 0;
  return {
    ownOf,
    totalOf: (id) => ownOf(id) + (others[id] ?? 0),
    begin: (id) => own.set(id, ownOf(id) + 1),
    end: (id) => own.set(id, ownOf(id) - 1),
  };
}

/** Routing as in the product, to vendors by name. */
export function createTestServe(
  vendorOf: (name: string) => Vendor | undefined,
  changes: Partial<ServeDependencies> = {},
  ...rest: Parameters<typeof createServe> extends [unknown, ...infer Rest] ? Rest : never
): Serve {
  const deps = {
    secrets: testSecrets,
    providerLoad: countLoad(),
    clock: { now: () => Date.now() },
    metrics: noMetrics,
  };
  return createServe({ ...deps, vendors: { get: vendorOf }, ...changes }, ...rest);
}
