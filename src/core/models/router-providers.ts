/**
 * Which providers can stand behind a router together. The router is what its callers rely on: its oldest provider says
 * how long its vectors and its contexts are, and every other one that says so must agree.
 */

import { assertThat } from '../errors.ts';
import type { ModelProvider, ModelRouter } from '../models.ts';
import { isCompatible } from './compatibility.ts';

/** Throws `unsupported_value` for a vendor that cannot do what the router is for. */
export function assertSuits({ vendor }: ModelProvider, { type }: ModelRouter): void {
  const sentence = `Invalid model provider type ${vendor} for ${type} router.`;
  assertThat(isCompatible(type, vendor), 'unsupported_value', sentence, { param: 'type' });
}

/** Throws `conflict` when the router has this deployment already. */
export function assertNew(provider: ModelProvider, router: ModelRouter): void {
  const { modelName, url } = provider;
  const sentence = `Model provider ${modelName} for url ${url} already exists for router ${router.id}.`;
  assertThat(!hasDeployment(router, provider), 'conflict', sentence);
}

/** The router with one provider more. Throws for one that does not go with it. */
export function addProvider(router: ModelRouter, provider: ModelProvider, now: number): ModelRouter {
  assertSuits(provider, router);
  assertNew(provider, router);
  for (const [field, what] of agreed) {
    const sentence = `Inconsistent ${what} for ${router.name}. Expected: ${router[field]}. Actual: ${provider[field]}`;
    assertThat(agree(router[field], provider[field]), 'inconsistent_provider', sentence);
  }
  return withProviders(router, [...router.providers, provider], now);
}

export function removeProvider(router: ModelRouter, providerId: number, now: number): ModelRouter {
  const others = router.providers.filter(({ id }) => id !== providerId);
  return withProviders(router, others, now);
}

export function replaceProvider(router: ModelRouter, provider: ModelProvider, now: number): ModelRouter {
  const providers = router.providers.map((current) => (current.id === provider.id ? provider : current));
  return withProviders(router, providers, now);
}

/** Both routers, with the provider behind the other one. Throws when it does not go with that. */
export function moveProvider(from: ModelRouter, to: ModelRouter, provider: ModelProvider, now: number): ModelRouter[] {
  const suits = isCompatible(to.type, provider.vendor);
  assertThat(suits, 'unsupported_value', 'New router type is not compatible with the provider type.', {
    param: 'router',
  });
  assertThat(!hasDeployment(to, provider), 'conflict', 'provider already exists for the new router.');
  for (const [field, what] of agreed) {
    assertThat(agree(to[field], provider[field]), 'inconsistent_provider', `Inconsistent model ${what}.`);
  }
  const moved = { ...provider, routerId: to.id };
  return [removeProvider(from, provider.id, now), withProviders(to, [...to.providers, moved], now)];
}

const agreed = [
  ['maxContextLength', 'max context length'],
  ['vectorSize', 'vector size'],
] as const;

function agree(expected: number | null, actual: number | null): boolean {
  return expected === null || actual === null || expected === actual;
}

function hasDeployment({ providers }: ModelRouter, { url, modelName }: ModelProvider): boolean {
  return providers.some((provider) => provider.url === url && provider.modelName === modelName);
}

/** The router with these providers and what the oldest says. Ids rise with time, so the lowest is the oldest's. */
export function withProviders(router: ModelRouter, providers: readonly ModelProvider[], now: number): ModelRouter {
  const inOrder = [...providers].sort((a, b) => a.id - b.id);
  const [oldest] = inOrder;
  return {
    ...router,
    providers: inOrder,
    vectorSize: oldest?.vectorSize ?? null,
    maxContextLength: oldest?.maxContextLength ?? null,
    updatedAt: now,
  };
}
