import type { Vendors } from '../../adapters/providers/registry.ts';
import type { Target, Vendor } from '../../adapters/providers/vendor.ts';
import type { Secrets } from '../../adapters/secrets/seal.ts';
import type { Call } from '../../core/call.ts';
import { assertThat } from '../../core/errors.ts';
import type { ModelProvider, ModelRouter } from '../../core/models.ts';

/** The methods of a vendor that a call on a model comes down to. */
export type Capability = 'generate' | 'embed' | 'rerank';
type Method<C extends Capability> = NonNullable<Vendor[C]>;

/** One provider that is being asked, and everything a vendor wants to know of it. */
export interface Upstream {
  provider: ModelProvider;
  vendor: Vendor;
  target: Target;
  /** The caller's, and the time this provider has. */
  signal: AbortSignal;
  onUpstreamId(id: string): void;
  onIgnored(path: string): void;
}

export interface ServeDependencies {
  vendors: Vendors;
  secrets: Pick<Secrets, 'open'>;
}

/** Asks the providers of a router, one after the other, until one answers. Access has been checked. */
export function createServe(deps: ServeDependencies) {
  function choose<C extends Capability>(
    router: ModelRouter,
    capability: C,
    call: Call,
  ): { upstream: Upstream; method: Method<C> } {
    const [provider] = router.providers;
    assertThat(provider, 'model_not_found', 'Model not found.', { param: 'model' });
    const vendor = deps.vendors.get(provider.vendor);
    const method = vendor?.[capability];
    assertThat(vendor && method, 'upstream_error', `No provider of the model ${router.name} can do this.`);
    const { modelName, url, sealedKey } = provider;
    const key = sealedKey === null ? null : deps.secrets.open(sealedKey);
    return {
      method: method as Method<C>,
      upstream: {
        provider,
        vendor,
        target: { modelName, url, key },
        signal: call.signal,
        onUpstreamId: () => undefined,
        onIgnored: () => undefined,
      },
    };
  }

  return {
    /** One whole answer. `ask` gets the vendor's method. */
    async once<C extends Capability, Answer>(
      router: ModelRouter,
      capability: C,
      call: Call,
      ask: (method: Method<C>, upstream: Upstream) => Promise<Answer>,
    ): Promise<{ answer: Answer; provider: ModelProvider }> {
      const { upstream, method } = choose(router, capability, call);
      return { answer: await ask(method, upstream), provider: upstream.provider };
    },

    /** An answer in parts. While none has come another provider is asked; `onProvider` hears whose the parts are. */
    async *stream<Part>(
      router: ModelRouter,
      call: Call,
      open: (generate: Method<'generate'>, upstream: Upstream) => AsyncIterable<Part>,
      onProvider: (provider: ModelProvider) => void,
    ): AsyncGenerator<Part> {
      const { upstream, method } = choose(router, 'generate', call);
      onProvider(upstream.provider);
      yield* open(method, upstream);
    },
  };
}

export type Serve = ReturnType<typeof createServe>;
