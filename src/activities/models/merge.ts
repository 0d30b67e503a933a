import { isDeepStrictEqual } from 'node:util';
import type { Secrets } from '../../adapters/secrets/seal.ts';
import type { WantedProvider, WantedRouter } from '../../core/models/managed-routers.ts';
import { withProviders } from '../../core/models/router-providers.ts';
import type { ModelProvider, ModelRouter } from '../../core/models.ts';

export interface MergeDependencies {
  secrets: Secrets;
  clock: { now(): number };
}

/** A provider that is there already under the deployment that is wanted. */
export function knownAs(router: ModelRouter, wanted: WantedProvider): ModelProvider | undefined {
  const { vendor, url, modelName } = wanted;
  return router.providers.find((one) => one.vendor === vendor && one.url === url && one.modelName === modelName);
}

/**
 * The router as the configuration wants it; the very same when nothing has changed. `newIds` has one for each provider
 * that it does not have yet. What is not known of a deployment stays as it was learnt before.
 */
export function merged(
  deps: MergeDependencies,
  router: ModelRouter,
  { providers: wantedProviders, ...wanted }: WantedRouter,
  newIds: readonly number[],
): ModelRouter {
  const now = deps.clock.now();
  const ids = newIds.values();
  const providers = wantedProviders.flatMap((provider) => {
    const known = knownAs(router, provider);
    const id = known?.id ?? ids.next().value;
    // Another process was quicker to change the router: the next refresh sees what is left to do.
    if (id === undefined) return [];
    return [mergedProvider(deps, { id, routerId: router.id, now }, provider, known)];
  });
  const changed = { ...withProviders({ ...router, ...wanted }, providers, now), updatedAt: router.updatedAt };
  return isDeepStrictEqual(changed, router) ? router : { ...changed, updatedAt: now };
}

function mergedProvider(
  { secrets }: MergeDependencies,
  { id, routerId, now }: { id: number; routerId: number; now: number },
  { key, ...wanted }: WantedProvider,
  known: ModelProvider | undefined,
): ModelProvider {
  const changed: ModelProvider = {
    ...wanted,
    id,
    routerId,
    ownerId: null,
    namedBy: 'operator',
    sealedKey: known && isSealed(secrets, key, known.sealedKey) ? known.sealedKey : sealed(secrets, key),
    maxContextLength: wanted.maxContextLength ?? known?.maxContextLength ?? null,
    vectorSize: wanted.vectorSize ?? known?.vectorSize ?? null,
    createdAt: known?.createdAt ?? now,
    updatedAt: known?.updatedAt ?? now,
  };
  return isDeepStrictEqual(changed, known) ? changed : { ...changed, updatedAt: now };
}

function sealed(secrets: Secrets, key: string | null): string | null {
  return key === null ? null : secrets.seal(key);
}

/** Sealing gives another text each time, so what is stored can only be compared by opening it. */
function isSealed(secrets: Secrets, key: string | null, stored: string | null): boolean {
  if (key === null || stored === null) return key === stored;
  return secrets.hasKeyOf(stored) && secrets.open(stored) === key;
}
