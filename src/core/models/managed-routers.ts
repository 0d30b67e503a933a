/** Which routers the configuration asks for, and what has to happen to those that there are. Pure. */

import { type ModelRouter, type ModelType, plainProvider } from '../models.ts';
import { isCompatible, servedTypes } from './compatibility.ts';
import type { ConfiguredProvider, ConfiguredRouter, ConfiguredVendor } from './configured-models.ts';

/** A model that a vendor says it has. */
export interface ListedModel {
  /** What it is called at the vendor. */
  name: string;
  type: ModelType;
  maxContextLength: number | null;
}

/** A provider as it should be; null for what is not known of it. */
export interface WantedProvider extends ConfiguredProvider {
  maxContextLength: number | null;
  vectorSize: number | null;
}

export interface WantedRouter extends Omit<ConfiguredRouter, 'providers'> {
  /** See `ModelRouter`. */
  managedBy: string;
  providers: readonly WantedProvider[];
}

/** What the routers come from that every installation starts with. */
export const installation = 'the installation';

/** What routers come from that the configuration file names. */
export const configurationFile = 'switchyard.yaml';

const unknown = { maxContextLength: null, vectorSize: null };

export function fromConfiguration(routers: readonly ConfiguredRouter[]): WantedRouter[] {
  return routers.map((router) => ({
    ...router,
    managedBy: configurationFile,
    providers: router.providers.map((provider) => ({ ...provider, ...unknown })),
  }));
}

/** A router for each model of a vendor's list that we can serve. */
export function fromList(
  { vendor, url, key, source }: ConfiguredVendor,
  models: readonly ListedModel[],
): WantedRouter[] {
  return models
    .filter(({ type }) => servedTypes.includes(type) && isCompatible(type, vendor))
    .map(({ name, type, maxContextLength }) => ({
      name,
      type,
      aliases: [`${vendor}/${name}`],
      strategy: 'shuffle',
      promptPriceMicros: 0,
      completionPriceMicros: 0,
      managedBy: source,
      providers: [{ ...plainProvider, vendor, url, key, modelName: name, maxContextLength, vectorSize: null }],
    }));
}

/**
 * Gives every router names that no other has: the first to ask gets the name; another of a list is called by its
 * vendor and name, as `azure/gpt-4o`. What is left without a name is dropped, and answered as `nameless`.
 */
export function withOwnNames(
  wanted: readonly WantedRouter[],
  taken: Iterable<string>,
): { routers: WantedRouter[]; nameless: string[] } {
  const names = new Set(taken);
  const routers: WantedRouter[] = [];
  const nameless: string[] = [];
  for (const router of wanted) {
    const isListed = router.managedBy !== configurationFile;
    const candidates = isListed ? [router.name, ...router.aliases] : [router.name];
    const name = candidates.find((candidate) => !names.has(candidate));
    if (name === undefined) {
      nameless.push(router.name);
      continue;
    }
    const aliases = router.aliases.filter((alias) => alias !== name && !names.has(alias));
    for (const one of [name, ...aliases]) names.add(one);
    routers.push({ ...router, name, aliases });
  }
  return { routers, nameless };
}

export interface Changes {
  create: readonly WantedRouter[];
  keep: readonly { router: ModelRouter; wanted: WantedRouter }[];
  remove: readonly ModelRouter[];
}

/**
 * Compares by name what is managed with what is wanted. What comes from a source that could not be asked stays, and so
 * does what every installation has; what an administrator made or changed is none of the configuration's.
 */
export function changesBetween(
  existing: readonly ModelRouter[],
  wanted: readonly WantedRouter[],
  unreached: ReadonlySet<string>,
): Changes {
  const managed = existing.filter(({ managedBy }) => managedBy !== null);
  const byName = new Map(managed.map((router) => [router.name, router]));
  const names = new Set(wanted.map(({ name }) => name));
  return {
    create: wanted.filter(({ name }) => !byName.has(name)),
    keep: wanted.flatMap((one) => {
      const router = byName.get(one.name);
      return router ? [{ router, wanted: one }] : [];
    }),
    remove: managed.filter(
      ({ name, managedBy }) => !names.has(name) && managedBy !== installation && !unreached.has(managedBy ?? ''),
    ),
  };
}

/** A router that an administrator changes is theirs from then on, but for those that every start would bring back. */
export function managedAfterChange({ managedBy }: Pick<ModelRouter, 'managedBy'>): string | null {
  return managedBy === installation ? installation : null;
}
