import type { Config } from '../../config.ts';
import type { Call } from '../../core/call.ts';
import { GatewayError } from '../../core/errors.ts';
import type { ConfiguredVendor } from '../../core/models/configured-models.ts';
import {
  changesBetween,
  fromConfiguration,
  fromList,
  installation,
  type WantedRouter,
  withOwnNames,
} from '../../core/models/managed-routers.ts';
import type { ModelRouter } from '../../core/models.ts';
import type { ModelAdminVerbs } from '../../core/verbs.ts';
import { completed } from './complete.ts';
import { knownAs, merged } from './merge.ts';
import type { ProviderDependencies } from './providers.ts';
import { draftRouter, storeRouter } from './routers.ts';

export interface RefreshDependencies extends ProviderDependencies {
  config: Pick<Config, 'routers' | 'vendors'>;
}

const listTimeoutMs = 10_000;

/**
 * Makes the routers of the configuration what it says, and those of each vendor what the vendor lists. May run in
 * several processes at once: a router has its name once, and every change is made on what is stored by then.
 */
export function createRefreshModels(deps: RefreshDependencies): ModelAdminVerbs['refreshModels'] {
  return async (_input, call) => {
    const lists = await Promise.all(deps.config.vendors.map((vendor) => listModels(deps, vendor, call)));
    const unreached = new Set(lists.filter(({ routers }) => routers === null).map(({ source }) => source));
    const existing = await deps.routers.list();
    warnOfClosedKeys(deps, existing, call);
    const wanted = named(deps, existing, lists, unreached, call);
    const { create, keep, remove } = changesBetween(existing, wanted, unreached);

    // In this order, so that a name is given up before it is asked for.
    const attempts = [
      ...(await attemptAll(call, remove, ({ id }) => deps.routers.remove(id))),
      ...(await attemptAll(call, keep, ({ router, wanted: one }) => updateManaged(deps, router, one, call))),
      ...(await attemptAll(call, create, (router) => createManaged(deps, router, call))),
    ];
    if (remove.length > 0) deps.principals.forget();
    const counts = { created: create.length, removed: remove.length, unreached: [...unreached] };
    call.log.info(counts, 'models of the configuration are up to date');
    return { complete: unreached.size === 0 && attempts.every((done) => done) };
  };
}

/** Said at the start, rather than by the first call that needs one of them. */
function warnOfClosedKeys({ secrets }: RefreshDependencies, routers: readonly ModelRouter[], call: Call): void {
  const providers = routers.flatMap((router) => router.providers);
  const closed = providers.filter(({ sealedKey }) => sealedKey !== null && !secrets.hasKeyOf(sealedKey));
  if (closed.length === 0) return;
  const fields = { providers: closed.map(({ id }) => id) };
  call.log.error(fields, 'the keys of these providers were sealed with a SECRETS_KEY that is not configured here');
}

interface VendorList {
  source: string;
  /** Null when the vendor could not be asked. */
  routers: WantedRouter[] | null;
}

async function listModels(deps: RefreshDependencies, vendor: ConfiguredVendor, call: Call): Promise<VendorList> {
  const { source, url, key } = vendor;
  const target = { modelName: '', url, namedBy: 'operator', key } as const;
  const signal = AbortSignal.any([call.signal, AbortSignal.timeout(listTimeoutMs)]);
  try {
    const models = await deps.vendors.get(vendor.vendor)?.list?.({ target, signal });
    return { source, routers: fromList(vendor, models ?? []) };
  } catch (error) {
    call.log.warn({ err: error, source, url }, 'the models of this vendor could not be listed; will try again');
    return { source, routers: null };
  }
}

/** What is wanted, under names that nothing else has. What the file names goes before what vendors list. */
function named(
  deps: RefreshDependencies,
  existing: readonly ModelRouter[],
  lists: readonly VendorList[],
  unreached: ReadonlySet<string>,
  call: Call,
): WantedRouter[] {
  const namesOf = ({ name, aliases }: Pick<ModelRouter, 'name' | 'aliases'>) => [name, ...aliases];
  const isOthers = ({ managedBy }: ModelRouter) => managedBy === null || managedBy === installation;
  const isHeld = ({ managedBy }: ModelRouter) => unreached.has(managedBy ?? '');
  const others = existing.filter(isOthers).flatMap(namesOf);
  const held = existing.filter(isHeld).flatMap(namesOf);

  const file = withOwnNames(fromConfiguration(deps.config.routers), others);
  for (const name of file.nameless) {
    call.log.warn({ router: name }, 'a router of the configuration has the name of another one and is left out');
  }
  const fromLists = lists.flatMap(({ routers }) => routers ?? []);
  const listed = withOwnNames(fromLists, [...others, ...held, ...file.routers.flatMap(namesOf)]);
  return [...file.routers, ...listed.routers];
}

async function createManaged(deps: RefreshDependencies, wanted: WantedRouter, call: Call): Promise<boolean> {
  const { router, complete } = await completed(deps.vendors, wanted, null, call);
  const ids = await newIds(deps, router.providers.length);
  const draft = await draftRouter(deps, { ...router, ownerId: null });
  await storeRouter(deps, merged(deps, draft, router, ids));
  return complete;
}

async function updateManaged(
  deps: RefreshDependencies,
  current: ModelRouter,
  wanted: WantedRouter,
  call: Call,
): Promise<boolean> {
  const { router, complete } = await completed(deps.vendors, wanted, current, call);
  const ids = await newIds(deps, router.providers.filter((provider) => !knownAs(current, provider)).length);
  if (merged(deps, current, router, ids) !== current) {
    await deps.routers.edit([current.id], (stored) => [
      stored.managedBy === null ? stored : merged(deps, stored, router, ids),
    ]);
  }
  return complete;
}

async function newIds({ counters }: RefreshDependencies, count: number): Promise<number[]> {
  const ids = await Promise.all(Array.from({ length: count }, () => counters.next('provider')));
  return ids.sort((a, b) => a - b);
}

/** What fails for one router must not keep the others from their models. Answers false for those to be tried again. */
async function attemptAll<Item>(
  call: Call,
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
): Promise<boolean[]> {
  return Promise.all(
    items.map(async (item) => {
      try {
        return (await work(item)) !== false;
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        call.log.warn({ err: error }, 'a model of the configuration could not be stored; will try again');
        return false;
      }
    }),
  );
}
