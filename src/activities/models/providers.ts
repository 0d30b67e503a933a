import type { AddressRules } from '../../adapters/http/guard.ts';
import type { Outbound } from '../../adapters/http/outbound.ts';
import type { Vendors } from '../../adapters/providers/registry.ts';
import type { Secrets } from '../../adapters/secrets/seal.ts';
import { authorise } from '../../core/access.ts';
import { assertThat } from '../../core/errors.ts';
import { managedAfterChange } from '../../core/models/managed-routers.ts';
import { providerAddress } from '../../core/models/provider-address.ts';
import {
  addProvider,
  assertNew,
  assertSuits,
  moveProvider,
  removeProvider,
  replaceProvider,
} from '../../core/models/router-providers.ts';
import type { ModelProvider, ModelRouter } from '../../core/models.ts';
import { pageOf } from '../../core/paging.ts';
import type { ModelAdminVerbs } from '../../core/verbs.ts';
import { discover } from './discover.ts';
import { ownerIdOf, type RouterDependencies } from './routers.ts';

export interface ProviderDependencies extends RouterDependencies {
  vendors: Vendors;
  secrets: Secrets;
  outbound: Pick<Outbound, 'check'>;
}

const addressRules: AddressRules = { schemes: ['http', 'https'], param: 'url' };

type ProviderVerbs = Pick<
  ModelAdminVerbs,
  'createProvider' | 'listProviders' | 'getProvider' | 'updateProvider' | 'deleteProvider'
>;

export function createProviderVerbs(deps: ProviderDependencies): ProviderVerbs {
  /** Changes stored routers, which are the administrator's from then on. Throws `not_found` when one is gone. */
  async function edit<Ids extends readonly number[]>(
    ids: Ids,
    change: (...routers: { [I in keyof Ids]: ModelRouter }) => readonly ModelRouter[],
    missing: string,
  ): Promise<void> {
    const edited = await deps.routers.edit(ids, (...routers) =>
      change(...routers).map((router) => ({ ...router, managedBy: managedAfterChange(router) })),
    );
    assertThat(edited, 'not_found', missing);
  }

  async function stored(id: number, missing: string): Promise<ModelProvider> {
    return providerOf(await deps.routers.findByProvider(id), id, missing);
  }

  return {
    async createProvider({ routerId, key, ...input }, call) {
      authorise(call.principal, 'admin');
      const missing = `Model router ${routerId} not found.`;
      const router = await deps.routers.find(routerId);
      assertThat(router, 'not_found', missing);
      const now = deps.clock.now();
      const draft: ModelProvider = {
        ...input,
        id: 0,
        routerId,
        ownerId: ownerIdOf(call.principal),
        url: providerAddress(input.vendor, input.url),
        namedBy: input.url === null ? 'operator' : 'caller',
        sealedKey: key === null ? null : deps.secrets.seal(key),
        vectorSize: null,
        maxContextLength: null,
        createdAt: now,
        updatedAt: now,
      };
      assertSuits(draft, router);
      assertNew(draft, router);
      const { modelName, url, namedBy } = draft;
      if (url !== null && namedBy === 'caller') await deps.outbound.check(url, addressRules, call.signal);
      const target = { modelName, url, namedBy, key };
      const capabilities = await discover(deps.vendors, draft.vendor, target, router.type, call.signal);
      const provider = { ...draft, ...capabilities, id: await deps.counters.next('provider') };
      await edit([routerId], (current) => [addProvider(current, provider, now)], missing);
      return provider;
    },

    async listProviders({ routerId, ...page }, call) {
      authorise(call.principal, 'providers');
      const routers = await deps.routers.list();
      const wanted = routers.filter(({ id }) => routerId === null || id === routerId);
      const providers = wanted.flatMap((router) => router.providers);
      const fields = { id: byId, modelName: byModelName, created: byTime };
      return { providers: pageOf(providers, page, fields), total: providers.length };
    },

    async getProvider({ id }, call) {
      authorise(call.principal, 'providers');
      return stored(id, notFound);
    },

    async updateProvider({ id, changes }, call) {
      authorise(call.principal, 'providers');
      const { routerId } = await stored(id, notFound);
      const { routerId: target = routerId, key, ...settings } = changes;
      const now = deps.clock.now();
      const sealed = key === undefined ? {} : { sealedKey: key === null ? null : deps.secrets.seal(key) };
      const changed = (router: ModelRouter): ModelProvider => ({
        ...providerOf(router, id, notFound),
        ...settings,
        ...sealed,
        updatedAt: now,
      });
      if (target === routerId) {
        await edit([routerId], (router) => [replaceProvider(router, changed(router), now)], notFound);
      } else {
        const missing = 'Model router not found.';
        await edit([routerId, target], (from, to) => moveProvider(from, to, changed(from), now), missing);
      }
      return stored(id, notFound);
    },

    async deleteProvider({ id }, call) {
      authorise(call.principal, 'admin');
      const missing = `Model provider ${id} not found.`;
      const provider = await stored(id, missing);
      await edit([provider.routerId], (router) => [removeProvider(router, id, deps.clock.now())], missing);
      return provider;
    },
  };
}

const notFound = 'Model provider not found.';

function providerOf(router: ModelRouter | null, id: number, missing: string): ModelProvider {
  const provider = router?.providers.find((candidate) => candidate.id === id);
  assertThat(provider, 'not_found', missing);
  return provider;
}

const byId = ({ id }: ModelProvider) => id;
const byModelName = ({ modelName }: ModelProvider) => modelName;
const byTime = ({ createdAt }: ModelProvider) => createdAt;
