import { randomUUID } from 'node:crypto';
import type { Ledger } from '../../adapters/ledger/ledger.ts';
import type { TokenCounter } from '../../adapters/tokens/token-counter.ts';
import { costMicrosOf, pricesOf } from '../../core/billing/bill.ts';
import { carbonOf } from '../../core/billing/carbon.ts';
import { TokenTally } from '../../core/billing/token-tally.ts';
import type { UsageRecord } from '../../core/billing/usage-record.ts';
import type { Call } from '../../core/call.ts';
import { crashPoint } from '../../core/crash-point.ts';
import { errorTable } from '../../core/errors.ts';
import type { Metrics } from '../../core/metrics.ts';
import type { ModelProvider, ModelRouter } from '../../core/models.ts';
import { type Bill, type Usage, usageOf } from '../../core/usage.ts';

export interface MeterDependencies {
  ledger: Pick<Ledger, 'append' | 'assertAccepting'>;
  tokens: Pick<TokenCounter, 'count'>;
  clock: { now(): number };
  metrics: Pick<Metrics, 'modelCalled'>;
}

/** What became of a call on a model. */
interface Outcome {
  /** HTTP status the caller got; 499 when it went away before the end. */
  status: number;
  /** Null when none was asked. */
  provider: ModelProvider | null;
  /** Null when the vendor gave none: it is then estimated. Counts only where anything was consumed. */
  usage: Usage | null;
  /** How many calls on the model it took; 1 unless said otherwise. */
  requests?: number;
}

export interface Measurement {
  /** A provider is asked: what another one said before counts for nothing. */
  startOver(): void;
  /** The first part of an answer has come. */
  firstPart(): void;
  /** Text of the answer, as it comes, also where it is held back; counts only where the vendor gives no usage. */
  received(text: string): void;
  /** Frames of a stream that is passed on unread; each counts as a token where the vendor gives no usage. */
  receivedFrames(count: number): void;
  /** The caller has something of the answer: it consumed what it took, also if it fails after that. */
  handedOn(): void;
  /** What the vendor says was consumed, or an estimate if it says nothing: no call reads no prompt. */
  usageOr(given: Usage | null): Usage;
  /** Writes the record of the call, once, and says what it cost. */
  end(outcome: Outcome): Bill;
}

/** Every call on a model leaves one record, whether it was answered, failed or was given up. */
export function createMeter(deps: MeterDependencies) {
  return {
    /**
     * `sent` are the texts of the request; they are looked at only for an estimate. Throws `unavailable` when the call
     * could not be recorded.
     */
    begin(router: ModelRouter, call: Call, sent: () => Iterable<string>): Measurement {
      deps.ledger.assertAccepting();
      return measure(deps, router, call, sent);
    },
  };
}

export type Meter = ReturnType<typeof createMeter>;

const abandoned = errorTable.client_closed_request.status;

function measure(deps: MeterDependencies, router: ModelRouter, call: Call, sent: () => Iterable<string>): Measurement {
  const createdAt = deps.clock.now();
  const startedAt = performance.now();
  let answer = new TokenTally();
  let frames = 0;
  let wasHandedOn = false;
  let ttftMs: number | null = null;
  let bill: Bill | null = null;

  const sinceStart = () => Math.round(performance.now() - startedAt);

  function firstPart(): void {
    ttftMs ??= sinceStart();
  }

  function estimate(): Usage {
    const prompt = new TokenTally();
    for (const text of sent()) prompt.add(text);
    return usageOf({
      promptTokens: prompt.estimate(deps.tokens.count),
      completionTokens: answer.estimate(deps.tokens.count) + frames,
      estimated: true,
    });
  }

  /**
   * A call that failed before its caller had anything of it consumed nothing, whatever the vendor had said or counted
   * until then; one that was given up meanwhile did.
   */
  function wasServed({ status, provider }: Outcome): boolean {
    return status < 300 || wasHandedOn || (status === abandoned && provider !== null);
  }

  return {
    startOver() {
      answer = new TokenTally();
      frames = 0;
      ttftMs = null;
    },

    firstPart,

    received(text) {
      firstPart();
      answer.add(text);
    },

    receivedFrames(count) {
      firstPart();
      frames += count;
    },

    handedOn() {
      wasHandedOn = true;
    },

    usageOr(given) {
      return given === null || given.promptTokens === 0 ? estimate() : given;
    },

    end(outcome) {
      if (bill !== null) return bill;
      const { status, provider } = outcome;
      const usage = wasServed(outcome) ? (outcome.usage ?? estimate()) : usageOf({});
      const latencyMs = sinceStart();
      bill = billOf(router, outcome, usage, latencyMs);
      crashPoint('usage.billed.before_spool');
      const record: UsageRecord = {
        id: `use_${createdAt.toString(36)}_${randomUUID()}`,
        createdAt,
        latencyMs,
        ttftMs,
        ...callerOf(call),
        unit: call.unit === undefined ? null : `${call.unit}:${router.id}`,
        ...servedBy(router, provider),
        status,
        usage,
        bill,
      };
      deps.ledger.append(record);
      deps.metrics.modelCalled(record);
      return bill;
    },
  };
}

function billOf(router: ModelRouter, { provider, requests = 1 }: Outcome, usage: Usage, latencyMs: number): Bill {
  const { activeParams, totalParams, hostingZone: zone } = provider ?? unknownModel;
  return {
    costMicros: costMicrosOf(usage, pricesOf(router)),
    carbon: carbonOf({ outputTokens: usage.completionTokens, latencyMs, activeParams, totalParams, zone }),
    requests,
  };
}

const unknownModel = { activeParams: 0, totalParams: 0, hostingZone: 'WOR' };

function callerOf({ principal, requestId, attempt, operation }: Call) {
  const [method = null, endpoint = null] = operation?.split(' ') ?? [];
  return { ownerId: principal.userId, keyId: principal.keyId, requestId, attempt, method, endpoint };
}

function servedBy(router: ModelRouter, provider: ModelProvider | null): Pick<UsageRecord, 'router' | 'provider'> {
  return {
    router: { id: router.id, name: router.name },
    provider: provider && { id: provider.id, vendor: provider.vendor, modelName: provider.modelName },
  };
}
