import type { WebhookDeliveryRepository } from '../../adapters/mongo/webhook-deliveries.ts';
import type { WebhookEventRepository } from '../../adapters/mongo/webhook-events.ts';
import type { WebhookOutbox } from '../../adapters/mongo/webhook-outbox.ts';
import { crashPoint } from '../../core/crash-point.ts';
import type { StoredError } from '../../core/errors.ts';
import type { Metrics } from '../../core/metrics.ts';
import type { DeliverySteps } from '../../core/verbs.ts';
import type { Delivery, WebhookEvent } from '../../core/webhook.ts';
import { createDeliveryLanes } from '../../core/webhooks/delivery-lanes.ts';
import { asksForNoMore, asksToSlowDown, judge, type Verdict } from '../../core/webhooks/delivery-schedule.ts';
import { isRetried, isShownEnd, tellsOfEnd } from '../../core/webhooks/filter.ts';
import { isPastHope } from '../../core/webhooks/receiver-health.ts';
import { type CallEnd, longestWaitMs } from '../../core/webhooks/receiver-lanes.ts';
import { runOf } from './deliveries.ts';
import { type PostDependencies, postMessage, type Try } from './post-message.ts';
import { type CurrentReceiver, type ReceiverDependencies, reasons, receiverOf } from './receiver-of.ts';
import type { SigningSecrets } from './signing-secrets.ts';

/** A shorter pause is not written down: whoever looks meanwhile takes the delivery for due, which it nearly is. */
const shortPauseMs = 10_000;
/** How long the end of a job waits for its turn behind what came before it: a share of how long it has waited already. */
const orderPauseMs = { least: 100, most: longestWaitMs } as const;

export interface AttemptDependencies extends PostDependencies, ReceiverDependencies {
  metrics: Pick<Metrics, 'webhookAttempted' | 'webhookFirstTried'>;
  webhookEvents: WebhookEventRepository;
  webhookDeliveries: WebhookDeliveryRepository;
  webhookOutbox: WebhookOutbox;
  signing: SigningSecrets;
}

const nothingLeft = { afterMs: null };

/** One try of a delivery, and what follows from it for the delivery, its receiver and its job. */
export function createAttemptDelivery(deps: AttemptDependencies): DeliverySteps['attemptDelivery'] {
  const { webhookDeliveries, clock } = deps;
  const { scheduleMs, callsPerReceiver, disableAfterMs } = deps.config.webhooks;
  const lanes = createDeliveryLanes(clock.now, callsPerReceiver);

  return async (run, { signal }) => {
    const delivery = await webhookDeliveries.find(run.ownerId, run.deliveryId);
    if (!delivery || delivery.run !== run.run) return nothingLeft;
    if (delivery.status !== 'pending') {
      // Whoever ended it may have died before the endpoint and the job knew.
      await heedLastWord(delivery);
      await tellJob(delivery);
      return nothingLeft;
    }
    const dueInMs = (delivery.nextAttemptAt ?? 0) - clock.now();
    if (dueInMs > 0) return { afterMs: dueInMs };

    const event = await deps.webhookEvents.find(run.ownerId, delivery.eventId);
    if (!event) return giveUp(delivery, reasons.forgotten);
    const receiver = await receiverOf(deps, delivery);
    if ('reason' in receiver) return giveUp(delivery, receiver.reason);
    if (tellsOfEnd(event.type) && (await webhookDeliveries.hasUntriedBefore(delivery))) {
      const patience = (clock.now() - delivery.createdAt) / 2;
      return later(delivery, Math.min(orderPauseMs.most, Math.max(orderPauseMs.least, patience)));
    }
    const secrets = await deps.signing.live(run.ownerId, delivery.endpointId);
    if (!secrets) return giveUp(delivery, reasons.unreadable);
    const turn = lanes.enter(run.ownerId, receiver);
    if (turn.kind === 'later') return later(delivery, turn.afterMs);

    let end: CallEnd | null = null;
    try {
      crashPoint('webhook.signed.before_send');
      const tried = await postMessage(deps, delivery, event, { ...receiver, secrets }, signal);
      crashPoint('webhook.sent.before_record');
      end = endOf(tried);
      return await settle(delivery, event, receiver, tried);
    } finally {
      turn.leave(end);
    }
  };

  async function settle(delivery: Delivery, event: WebhookEvent, receiver: CurrentReceiver, tried: Try) {
    const { attempt, outcome, kind } = tried;
    const schedule = isRetried(event.type) ? scheduleMs : scheduleMs.slice(0, 1);
    const verdict = judge(schedule, delivery.id, delivery.step + 1, outcome);
    const now = clock.now();
    const recorded = await webhookDeliveries.recordAttempt(runOf(delivery), attempt, {
      ...stateAfter(verdict, now),
      error: verdict.kind === 'failed' ? attempt.error : null,
      url: receiver.url,
    });
    crashPoint('webhook.recorded.before_receiver');
    deps.metrics.webhookAttempted(kind);
    if (delivery.tries === 0) deps.metrics.webhookFirstTried(attempt.at - delivery.createdAt);
    await noteHealth({ ...delivery, url: receiver.url }, verdict);
    crashPoint('webhook.receiver.before_job');
    if (recorded) await tellJob(recorded);
    return { afterMs: recorded && verdict.kind === 'again' ? verdict.afterMs : null };
  }

  async function noteHealth({ ownerId, endpointId, url }: Delivery, verdict: Verdict): Promise<void> {
    if (endpointId === null) return;
    const called = { ownerId, id: endpointId, url };
    if (verdict.kind === 'succeeded') return deps.webhookEndpoints.recordSuccess(called);
    const now = clock.now();
    const endpoint = await deps.webhookEndpoints.recordFailure(called, now);
    if (verdict.kind === 'failed' && verdict.reason === 'gone') {
      await deps.webhookOutbox.disable(called, 'gone', now);
    } else if (endpoint && isPastHope(endpoint, now, disableAfterMs)) {
      await deps.webhookOutbox.disable(called, 'failing', now);
    }
  }

  /** No later attempt would bring up once more that the receiver is gone. */
  async function heedLastWord({ ownerId, endpointId, url, attempts, error }: Delivery): Promise<void> {
    const last = attempts.at(-1);
    // Given up for another reason since then, or changed by its owner: what was said has been heeded, or forgiven.
    const isLast = last !== undefined && error?.message === last.error?.message;
    if (endpointId === null || !isLast || !asksForNoMore(last)) return;
    const endpoint = await deps.webhookEndpoints.find(ownerId, endpointId);
    if (!endpoint || endpoint.updatedAt > last.at) return;
    await deps.webhookOutbox.disable({ ownerId, id: endpointId, url }, 'gone', clock.now());
  }

  async function giveUp(delivery: Delivery, error: StoredError) {
    const failed = { status: 'failed', nextAttemptAt: null, error, completedAt: clock.now() } as const;
    const settled = await webhookDeliveries.settle(runOf(delivery), failed);
    if (settled) await tellJob(settled);
    return nothingLeft;
  }

  async function later(delivery: Delivery, afterMs: number) {
    const pending = {
      status: 'pending',
      nextAttemptAt: clock.now() + afterMs,
      error: null,
      completedAt: null,
    } as const;
    if (afterMs > shortPauseMs) await webhookDeliveries.settle(runOf(delivery), pending);
    return { afterMs };
  }

  /** The job that was submitted with a URL says how far the message about its end has come. */
  async function tellJob({ ownerId, endpointId, jobId, eventType, status, tries }: Delivery): Promise<void> {
    if (endpointId !== null || jobId === null || !tellsOfEnd(eventType)) return;
    const job = await deps.jobs.find(ownerId, jobId);
    if (!job?.webhook || !isShownEnd(job.webhook.events, job.status, eventType)) return;
    await deps.jobs.recordWebhook(ownerId, jobId, { status: statusOfJob[status], attempts: tries });
  }
}

const statusOfJob = { pending: 'pending', succeeded: 'delivered', failed: 'failed' } as const;

function stateAfter(verdict: Verdict, now: number) {
  if (verdict.kind === 'again') {
    return { status: 'pending', nextAttemptAt: now + verdict.afterMs, completedAt: null } as const;
  }
  return { status: verdict.kind, nextAttemptAt: null, completedAt: now } as const;
}

function endOf({ attempt, outcome, kind }: Try): CallEnd {
  return { durationMs: attempt.durationMs, arrived: kind === 'delivered', slowDown: asksToSlowDown(outcome) };
}
