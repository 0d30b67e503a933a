import type { Counters } from '../../adapters/mongo/counters.ts';
import type { Principals } from '../../adapters/mongo/principals.ts';
import type { RouterRepository } from '../../adapters/mongo/routers.ts';
import { authorise, type Principal } from '../../core/access.ts';
import { assertThat, GatewayError } from '../../core/errors.ts';
import type { ModelRouter, NewRouter } from '../../core/models.ts';
import { pageOf } from '../../core/paging.ts';
import { assertSuits } from '../../core/router-providers.ts';
import type { ModelAdminVerbs } from '../../core/verbs.ts';

export interface RouterDependencies {
  routers: RouterRepository;
  counters: Pick<Counters, 'next'>;
  principals: Pick<Principals, 'forget'>;
  clock: { now(): number };
}

/** Those that every installation starts with may use a new router at once; further roles name their routers. */
const openTo = [1, 2];

type RouterVerbs = Pick<
  ModelAdminVerbs,
  'createRouter' | 'listRouters' | 'getRouter' | 'updateRouter' | 'deleteRouter'
>;

export function createRouterVerbs(deps: RouterDependencies): RouterVerbs {
  return {
    async createRouter(input, call) {
      authorise(call.principal, 'admin');
      await assertFree(deps, input);
      return storeRouter(deps, { ...input, ownerId: ownerIdOf(call.principal), managedBy: null, providers: [] });
    },

    async listRouters(page, call) {
      authorise(call.principal, 'admin');
      const routers = await deps.routers.list();
      const fields = { id: byId, name: byName, created: byTime };
      return { routers: pageOf(routers, page, fields), total: routers.length };
    },

    async getRouter({ id }, call) {
      authorise(call.principal, 'admin');
      return found(await deps.routers.find(id), id);
    },

    async updateRouter({ id, changes }, call) {
      authorise(call.principal, 'admin');
      const edited = await deps.routers.edit([id], (router) => {
        const changed: ModelRouter = { ...router, ...changes, managedBy: null, updatedAt: deps.clock.now() };
        for (const provider of changed.providers) assertSuits(provider, changed);
        return [changed];
      });
      assertThat(edited?.[0], 'not_found', 'Model router not found.');
      return edited[0];
    },

    async deleteRouter({ id }, call) {
      authorise(call.principal, 'admin');
      const { managedBy, name } = found(await deps.routers.find(id), id);
      assertThat(
        managedBy === null,
        'conflict',
        `The router ${name} comes from ${managedBy}, which would bring it back.`,
      );
      const removed = found(await deps.routers.remove(id), id);
      deps.principals.forget();
      return removed;
    },
  };
}

/** Gives the router an id, and opens it to the roles that every installation has. Throws `conflict`. */
export async function storeRouter(
  deps: RouterDependencies,
  router: Omit<ModelRouter, 'id' | 'vectorSize' | 'maxContextLength' | 'createdAt' | 'updatedAt'>,
): Promise<ModelRouter> {
  const now = deps.clock.now();
  const id = await deps.counters.next('router');
  const [oldest] = router.providers;
  const stored: ModelRouter = {
    ...router,
    id,
    providers: router.providers.map((provider) => ({ ...provider, routerId: id })),
    vectorSize: oldest?.vectorSize ?? null,
    maxContextLength: oldest?.maxContextLength ?? null,
    createdAt: now,
    updatedAt: now,
  };
  await deps.routers.create(stored, openTo);
  deps.principals.forget();
  return stored;
}

/** Names and aliases are one: a caller may use either, so that none may mean two routers. */
async function assertFree(deps: Pick<RouterDependencies, 'routers'>, { name, aliases }: NewRouter): Promise<void> {
  const taken = await deps.routers.takenOf([name, ...aliases]);
  assertThat(!taken.includes(name), 'conflict', `Router ${name} already exists.`);
  if (taken.length > 0) throw new GatewayError('conflict', `Following aliases already exist: '${taken.join(', ')}'`);
}

/** The master key owns nothing. */
export function ownerIdOf({ kind, userId }: Principal): number | null {
  return kind === 'user' ? userId : null;
}

function found(router: ModelRouter | null, id: number): ModelRouter {
  assertThat(router, 'not_found', `Model router ${id} not found.`);
  return router;
}

const byId = ({ id }: ModelRouter) => id;
const byName = ({ name }: ModelRouter) => name;
const byTime = ({ createdAt }: ModelRouter) => createdAt;
