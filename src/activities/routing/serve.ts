import type { ProviderLoad } from '../../adapters/mongo/provider-load.ts';
import type { Vendors } from '../../adapters/providers/registry.ts';
import type { Target, Vendor } from '../../adapters/providers/vendor.ts';
import type { Secrets } from '../../adapters/secrets/seal.ts';
import type { Call } from '../../core/call.ts';
import { assertThat, GatewayError } from '../../core/errors.ts';
import type { Metrics } from '../../core/metrics.ts';
import type { ModelProvider, ModelRouter } from '../../core/models.ts';
import type { Lease } from './lease.ts';
import { createMemory } from './memory.ts';
import { Route, type RouteSettings } from './route.ts';
import { createTargets } from './targets.ts';

/** The methods of a vendor that a call on a model comes down to. */
export type Capability = 'generate' | 'embed' | 'rerank';
type Method<C extends Capability> = NonNullable<Vendor[C]>;

/** One provider that is being asked, and everything a vendor wants to know of it. */
export interface Upstream {
  provider: ModelProvider;
  vendor: Vendor;
  target: Target;
  /** Names the account at the vendor, for what only that can read again. */
  origin: string;
  /** The caller's, and the time this provider has until it begins. */
  signal: AbortSignal;
  /** How long this provider may be silent. */
  timeoutMs: number;
  onUpstreamId(id: string): void;
  onIgnored(path: string): void;
}

interface ServeSettings extends RouteSettings {
  /** Requests of a router that may wait at once. */
  maxWaiting: number;
}

export interface ServeDependencies {
  vendors: Pick<Vendors, 'get'>;
  providerLoad: Pick<ProviderLoad, 'begin' | 'end' | 'ownOf' | 'totalOf'>;
  secrets: Pick<Secrets, 'open'>;
  clock: { now(): number };
  metrics: Pick<Metrics, 'watchUpstreams'>;
}

const defaultSettings: ServeSettings = { maxAttempts: 3, maxWaitMs: 10_000, maxWaiting: 1_000 };

/** Asks the providers of a router, one after the other, until one answers. Access has been checked. */
export function createServe(deps: ServeDependencies, settings = defaultSettings, random = Math.random) {
  const memory = createMemory(settings.maxWaiting);
  deps.metrics.watchUpstreams(() => memory.figures());
  const shared = { ...deps, targets: createTargets(deps.secrets), memory, random, settings };

  function begin(router: ModelRouter, call: Call, capability: Capability, origin: string | null): Route {
    assertThat(router.providers.length > 0, 'model_not_found', 'Model not found.', { param: 'model' });
    const isAble = router.providers.some(({ vendor }) => deps.vendors.get(vendor)?.[capability]);
    assertThat(isAble, 'upstream_error', `No provider of the model ${router.name} can do this.`);
    return new Route(shared, router, call, { capability, origin });
  }

  return {
    /** One whole answer. `ask` gets the vendor's method. */
    async once<C extends Capability, Answer>(
      router: ModelRouter,
      capability: C,
      call: Call,
      ask: (method: Method<C>, upstream: Upstream) => Promise<Answer>,
    ): Promise<Answer> {
      const route = begin(router, call, capability, null);
      for (;;) {
        const lease = await route.next();
        const { upstream } = lease;
        try {
          const answer = await ask(methodOf(upstream.vendor, capability), upstream);
          lease.succeed();
          call.served(lease.served);
          return answer;
        } catch (thrown) {
          route.failed(lease, thrown);
        }
      }
    },

    /**
     * An answer in parts. `open` is called for each provider that is asked: while no part has come, or not all where the
     * call wants the whole, a failure leads to the next one; after that it is thrown. `onProvider` hears whose the parts
     * are that follow, `onPart` each of them as it comes, also where it is held back. A provider of the account `origin`
     * is asked first: it alone can read what it signed.
     */
    async *stream<Part>(
      router: ModelRouter,
      call: Call,
      open: (generate: Method<'generate'>, upstream: Upstream) => AsyncIterable<Part>,
      onProvider: (provider: ModelProvider) => void,
      origin: string | null = null,
      onPart: (part: Part) => void = () => undefined,
    ): AsyncGenerator<Part> {
      const route = begin(router, call, 'generate', origin);
      for (;;) {
        const lease = await route.next();
        let hasBegun = false;
        onProvider(lease.provider);
        try {
          const opened = open(methodOf(lease.upstream.vendor, 'generate'), lease.upstream);
          const isHeld = call.wantsWhole === true;
          for await (const part of isHeld ? heldBack(opened, lease, onPart) : opened) {
            if (!isHeld) onPart(part);
            if (!hasBegun) {
              hasBegun = true;
              lease.answered();
              call.served(lease.served);
            }
            yield part;
          }
          if (!hasBegun) throw new GatewayError('upstream_error', "The model's provider answered nothing.");
          lease.succeed();
          return;
        } catch (thrown) {
          if (hasBegun) throw lease.fail(thrown).error;
          route.failed(lease, thrown);
        } finally {
          // Whoever stops reading early has not thrown: the provider must not go on for nobody.
          lease.close();
        }
      }
    },
  };
}

export type Serve = ReturnType<typeof createServe>;

/** The same parts, but none before the last: what fails on the way has not been answered. */
async function* heldBack<Part>(
  parts: AsyncIterable<Part>,
  lease: Lease,
  onPart: (part: Part) => void,
): AsyncGenerator<Part> {
  const held: Part[] = [];
  for await (const part of parts) {
    if (held.length === 0) lease.begun();
    onPart(part);
    held.push(part);
  }
  yield* held;
}

function methodOf<C extends Capability>(vendor: Vendor, capability: C): Method<C> {
  return vendor[capability] as Method<C>;
}
