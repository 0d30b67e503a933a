import type { Counters } from '../../adapters/mongo/counters.ts';
import type { Principals } from '../../adapters/mongo/principals.ts';
import type { RouterRepository } from '../../adapters/mongo/routers.ts';
import { authorise, type Principal } from '../../core/access.ts';
import { assertThat, GatewayError } from '../../core/errors.ts';
import { managedAfterChange } from '../../core/models/managed-routers.ts';
import { assertSuits } from '../../core/models/router-providers.ts';
import type { ModelRouter, NewRouter } from '../../core/models.ts';
import { pageOf } from '../../core/paging.ts';
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
      const router = await draftRouter(deps, { ...input, ownerId: ownerIdOf(call.principal), managedBy: null });
      await storeRouter(deps, router);
      return router;
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
        const managedBy = managedAfterChange(router);
        const changed: ModelRouter = { ...router, ...changes, managedBy, updatedAt: deps.clock.now() };
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

/** A router with an id of its own and no provider yet. */
export async function draftRouter(
  { counters, clock }: Pick<RouterDependencies, 'counters' | 'clock'>,
  fields: NewRouter & Pick<ModelRouter, 'ownerId' | 'managedBy'>,
): Promise<ModelRouter> {
  const now = clock.now();
  const empty = { providers: [], vectorSize: null, maxContextLength: null };
  return { ...fields, ...empty, id: await counters.next('router'), createdAt: now, updatedAt: now };
}

/** Stores a new router, open to the roles that every installation has. Throws `conflict`. */
export async function storeRouter(
  { routers, principals }: Pick<RouterDependencies, 'routers' | 'principals'>,
  router: ModelRouter,
): Promise<void> {
  await routers.create(router, openTo);
  principals.forget();
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
