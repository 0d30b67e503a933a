import type { ProviderLoad } from '../../adapters/mongo/provider-load.ts';
import type { Vendor } from '../../adapters/providers/vendor.ts';
import type { Call, Served } from '../../core/call.ts';
import { GatewayError, toGatewayError } from '../../core/errors.ts';
import type { ModelProvider } from '../../core/models.ts';
import { judge, type Remedy } from '../../core/routing/failure.ts';
import type { Retry } from '../../core/routing/retry-budget.ts';
import type { Experience, UpstreamHealth, Visit } from '../../core/routing/upstream-health.ts';
import { callerGone } from './caller-gone.ts';
import type { Upstream } from './serve.ts';
import type { Destination } from './targets.ts';

export interface LeaseDependencies {
  providerLoad: Pick<ProviderLoad, 'begin' | 'end' | 'ownOf'>;
  clock: { now(): number };
}

interface Grant {
  provider: ModelProvider;
  vendor: Vendor;
  destination: Destination;
  health: UpstreamHealth;
  /** Null for the first attempt of a request. */
  retry: Retry | null;
  /** How many providers have been asked, with this one. */
  attempts: number;
  /** Hears when the provider is free again. */
  onEnd(): void;
}

/** One attempt on one provider, counted as under way until it ends, however it ends. */
export class Lease {
  readonly provider: ModelProvider;
  readonly upstream: Upstream;
  readonly #deps: LeaseDependencies;
  readonly #grant: Grant;
  readonly #call: Call;
  readonly #visit: Visit;
  readonly #aborting = new AbortController();
  readonly #onCallerGone = () => this.#aborting.abort(this.#call.signal.reason);
  readonly #timer: NodeJS.Timeout;
  readonly #ignored = new Set<string>();
  #upstreamRequestId: string | null = null;
  #timedOut = false;
  #ended = false;

  constructor(deps: LeaseDependencies, grant: Grant, call: Call) {
    const { provider, vendor, destination } = grant;
    this.provider = provider;
    this.#deps = deps;
    this.#grant = grant;
    this.#call = call;
    deps.providerLoad.begin(provider.id);
    this.#visit = grant.health.enter(deps.providerLoad.ownOf(provider.id), deps.clock.now());
    this.#timer = setTimeout(() => this.#onTimeout(), provider.timeoutMs);
    call.signal.addEventListener('abort', this.#onCallerGone);
    this.upstream = {
      provider,
      vendor,
      ...destination,
      signal: this.#aborting.signal,
      timeoutMs: provider.timeoutMs,
      onUpstreamId: (id) => {
        this.#upstreamRequestId = id;
      },
      onIgnored: (path) => {
        this.#ignored.add(path);
      },
    };
  }

  get served(): Served {
    return {
      provider: `${this.provider.vendor}-${this.provider.id}`,
      attempts: this.#grant.attempts,
      upstreamRequestId: this.#upstreamRequestId,
      ignored: [...this.#ignored],
    };
  }

  /**
   * The first of the answer has come, handed on or held back. From here on it may take what it takes, as long as it is
   * not silent, and nobody else waits for its end to hear whether the provider is well.
   */
  begun(): void {
    clearTimeout(this.#timer);
    this.#visit.begun();
  }

  /** The answer is good as far as its caller hears of it: the first part is handed on. */
  answered(): void {
    this.begun();
    this.#grant.retry?.succeeded();
  }

  /** Ends an attempt that failed: what its caller should hear, and who may still be asked. */
  fail(thrown: unknown): { error: GatewayError; remedy: Remedy } {
    if (this.#call.signal.aborted) {
      this.close();
      return { error: callerGone(this.#call.signal), remedy: 'nobody' };
    }
    const error = this.#timedOut ? this.#timeoutError(thrown) : toGatewayError(thrown);
    const { verdict, remedy } = judge(error);
    const now = this.#deps.clock.now();
    if (verdict === 'well') this.#grant.retry?.succeeded();
    else this.#grant.retry?.failed(now);
    this.#end({ verdict, retryAfterMs: error.retryAfterMs });
    return { error, remedy };
  }

  /** Ends an attempt that came to its end. */
  succeed(): void {
    this.answered();
    this.#end({ verdict: 'well', retryAfterMs: null });
  }

  /** Ends whatever has not ended: the answer is not wanted any more. Closes the connection. */
  close(): void {
    if (this.#ended) return;
    this.#grant.retry?.succeeded();
    this.#end(null);
    this.#aborting.abort(new GatewayError('client_closed_request', 'The answer is not wanted any more.'));
  }

  #end(experience: Experience | null): void {
    this.#ended = true;
    clearTimeout(this.#timer);
    this.#call.signal.removeEventListener('abort', this.#onCallerGone);
    const { providerLoad, clock } = this.#deps;
    this.#visit.end(experience, providerLoad.ownOf(this.provider.id), clock.now());
    providerLoad.end(this.provider.id);
    this.#grant.onEnd();
  }

  #onTimeout(): void {
    this.#timedOut = true;
    this.#aborting.abort(this.#timeoutError(null));
  }

  #timeoutError(cause: unknown): GatewayError {
    const seconds = this.provider.timeoutMs / 1_000;
    return new GatewayError('upstream_timeout', `The model's provider did not answer in ${seconds} s.`, { cause });
  }
}
