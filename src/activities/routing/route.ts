import type { ProviderLoad } from '../../adapters/mongo/provider-load.ts';
import type { Vendors } from '../../adapters/providers/registry.ts';
import type { Vendor } from '../../adapters/providers/vendor.ts';
import type { Call } from '../../core/call.ts';
import { type GatewayError, toGatewayError } from '../../core/errors.ts';
import type { ModelProvider, ModelRouter, VendorName } from '../../core/models.ts';
import { backoffMs } from '../../core/routing/backoff.ts';
import { type Candidate, rank } from '../../core/routing/rank.ts';
import { type Standing, standingOf } from '../../core/routing/standing.ts';
import type { UpstreamHealth } from '../../core/routing/upstream-health.ts';
import { callerGone } from './caller-gone.ts';
import { Lease } from './lease.ts';
import type { Memory, RouterMemory } from './memory.ts';
import { refusal } from './refusal.ts';
import type { Capability } from './serve.ts';
import type { Destination, Targets } from './targets.ts';

export interface RouteSettings {
  maxAttempts: number;
  /** How long a request may wait in all: for room, for a provider that asked to be left alone, between attempts. */
  maxWaitMs: number;
}

export interface RouteDependencies {
  vendors: Pick<Vendors, 'get'>;
  providerLoad: Pick<ProviderLoad, 'begin' | 'end' | 'ownOf' | 'totalOf'>;
  targets: Targets;
  memory: Memory;
  clock: { now(): number };
  random(): number;
  settings: RouteSettings;
}

export interface Wish {
  capability: Capability;
  /** Origin of the signatures that the conversation holds; only it can read them. */
  origin: string | null;
}

/** A provider as it stands for one request. */
export interface Option extends Candidate {
  provider: ModelProvider;
  vendor: Vendor;
  destination: Destination;
  health: UpstreamHealth;
  standing: Standing;
  wasTried: boolean;
}

/** How often to look again for room that another process gives back. */
const lookAgainMs = 250;

/** The way of one request through the providers of its router. */
export class Route {
  readonly #deps: RouteDependencies;
  readonly #router: ModelRouter;
  readonly #call: Call;
  readonly #wish: Wish;
  readonly #memory: RouterMemory;
  readonly #waitsUntil: number;
  readonly #tried = new Set<number>();
  readonly #vendorsThatCannot = new Set<VendorName>();
  readonly #unusable = new Set<number>();
  readonly #errors: GatewayError[] = [];
  #attempts = 0;
  #ticket: number | null = null;
  #notAgainBefore = 0;

  constructor(deps: RouteDependencies, router: ModelRouter, call: Call, wish: Wish) {
    this.#deps = deps;
    this.#router = router;
    this.#call = call;
    this.#wish = wish;
    this.#memory = deps.memory.ofRouter(router);
    const now = deps.clock.now();
    this.#waitsUntil = now + deps.settings.maxWaitMs;
    this.#memory.budget.requested(now);
  }

  /** The next provider to ask, after a wait if need be. Throws what the caller should hear when there is none. */
  async next(): Promise<Lease> {
    for (;;) {
      if (this.#call.signal.aborted) throw callerGone(this.#call.signal);
      const now = this.#deps.clock.now();
      const options = this.#options(now);
      if (!this.#mayAsk(now)) throw refusal(this.#errors, options, now);
      const ready = options.filter(({ standing }) => standing === 'ready');
      const fresh = ready.filter(({ wasTried }) => !wasTried);
      const able = fresh.length > 0 || now < this.#notAgainBefore ? fresh : ready;
      const [chosen] = rank(able, this.#router.strategy, this.#deps.random);
      if (chosen) return this.#take(chosen);
      await this.#wait(options, now);
    }
  }

  /** An attempt failed before anything was handed on. Throws when no other may be asked. */
  failed(lease: Lease, thrown: unknown): void {
    const { error, remedy } = lease.fail(thrown);
    if (remedy === 'nobody') throw error;
    this.#errors.push(error);
    if (remedy === 'another-vendor') this.#vendorsThatCannot.add(lease.provider.vendor);
    const { clock, random } = this.#deps;
    this.#notAgainBefore = clock.now() + backoffMs(this.#attempts, random());
  }

  #options(now: number): Option[] {
    return this.#router.providers.flatMap((provider) => {
      const vendor = this.#deps.vendors.get(provider.vendor);
      if (!vendor?.[this.#wish.capability] || this.#vendorsThatCannot.has(provider.vendor)) return [];
      const destination = this.#destinationOf(provider);
      if (!destination) return [];
      const { memory, providerLoad } = this.#deps;
      const health = memory.ofProvider(provider);
      const condition = {
        qosLimit: provider.qosLimit,
        inFlight: providerLoad.totalOf(provider.id),
        ownInFlight: providerLoad.ownOf(provider.id),
        ownLimit: health.limit,
        breakerAdmits: health.breakerAdmits(now),
        pauseAdmits: health.pauseAdmits(now),
      };
      return {
        provider,
        vendor,
        destination,
        health,
        qosLimit: provider.qosLimit,
        inFlight: condition.inFlight,
        standing: standingOf(condition, this.#call.inBackground ?? false),
        isPreferred: destination.origin === this.#wish.origin,
        wasTried: this.#tried.has(provider.id),
      };
    });
  }

  /** Null for a provider whose key cannot be opened: the others may do. */
  #destinationOf(provider: ModelProvider): Destination | null {
    if (this.#unusable.has(provider.id)) return null;
    try {
      return this.#deps.targets.of(provider);
    } catch (thrown) {
      this.#unusable.add(provider.id);
      this.#errors.push(toGatewayError(thrown));
      return null;
    }
  }

  #mayAsk(now: number): boolean {
    if (this.#attempts === 0) return true;
    return this.#attempts < this.#deps.settings.maxAttempts && this.#memory.budget.hasLeft(now);
  }

  #take({ provider, vendor, destination, health }: Option): Lease {
    const retry = this.#attempts === 0 ? null : this.#memory.budget.take(health.failedLast);
    this.#attempts += 1;
    this.#tried.add(provider.id);
    const onEnd = () => this.#memory.line.wakeFirst();
    const grant = { provider, vendor, destination, health, retry, attempts: this.#attempts, onEnd };
    return new Lease(this.#deps, grant, this.#call);
  }

  async #wait(options: readonly Option[], now: number): Promise<void> {
    const { line } = this.#memory;
    const until = Math.min(...options.map((option) => this.#worthLookingAt(option, now)));
    if (until > this.#waitsUntil || line.isFull) throw refusal(this.#errors, options, now);
    const { signal, inBackground = false } = this.#call;
    if (!options.some(({ standing }) => standing === 'full')) return line.rest(until - now, signal);
    this.#ticket ??= line.ticket();
    return line.wait(this.#ticket, inBackground, until - now, signal);
  }

  #worthLookingAt({ standing, health }: Option, now: number): number {
    if (standing === 'ready') return this.#notAgainBefore;
    if (standing === 'paused') return health.readyAt(now) ?? now + lookAgainMs;
    return standing === 'full' ? now + lookAgainMs : Number.POSITIVE_INFINITY;
  }
}
