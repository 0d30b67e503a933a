import type { Vendors } from '../../adapters/providers/registry.ts';
import type { Call } from '../../core/call.ts';
import { configurationFile, type WantedProvider, type WantedRouter } from '../../core/models/managed-routers.ts';
import type { ModelRouter } from '../../core/models.ts';
import { discover } from './discover.ts';
import { knownAs } from './merge.ts';

interface Completed {
  router: WantedRouter;
  /** False when a deployment did not answer. */
  complete: boolean;
}

/** The router with what its deployments say of themselves, where that is not known yet. */
export async function completed(
  vendors: Vendors,
  wanted: WantedRouter,
  stored: ModelRouter | null,
  call: Call,
): Promise<Completed> {
  let complete = true;
  const providers = await Promise.all(
    wanted.providers.map(async (provider): Promise<WantedProvider> => {
      const known = stored && knownAs(stored, provider);
      const learnt = { ...provider, ...lengths(provider, known) };
      if (!isToBeAsked(wanted, learnt)) return learnt;
      try {
        const target = { ...learnt, namedBy: 'operator' } as const;
        const said = await discover(vendors, learnt.vendor, target, wanted.type, call.signal);
        return { ...learnt, ...lengths(learnt, said) };
      } catch (error) {
        complete = false;
        call.log.warn({ err: error, router: wanted.name, model: provider.modelName }, 'a provider does not answer');
        return learnt;
      }
    }),
  );
  const [first] = providers;
  const comparable = providers.filter(({ vectorSize }) => !first || haveOneLength(first.vectorSize, vectorSize));
  for (const { modelName, url } of providers.filter((provider) => !comparable.includes(provider))) {
    const fields = { router: wanted.name, model: modelName, url };
    call.log.warn(fields, 'the vectors of a provider are longer or shorter than those of the first: it is left out');
  }
  return { router: { ...wanted, providers: comparable }, complete };
}

function haveOneLength(first: number | null, second: number | null): boolean {
  return first === null || second === null || first === second;
}

type Lengths = Pick<WantedProvider, 'maxContextLength' | 'vectorSize'>;

function lengths(first: Lengths, second: Lengths | null | undefined): Lengths {
  return {
    maxContextLength: first.maxContextLength ?? second?.maxContextLength ?? null,
    vectorSize: first.vectorSize ?? second?.vectorSize ?? null,
  };
}

/** Vectors must be known for what they are compared with; a context length is asked for of the few that are named. */
function isToBeAsked({ type, managedBy }: WantedRouter, { maxContextLength, vectorSize }: Lengths): boolean {
  if (type === 'text-embeddings-inference') return vectorSize === null;
  return managedBy === configurationFile && maxContextLength === null;
}
