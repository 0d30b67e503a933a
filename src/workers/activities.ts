import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { toApplicationFailure } from '../adapters/temporal/failure.ts';
import { system } from '../core/access.ts';
import type { Call, Logger, Verb } from '../core/call.ts';
import { callQueues, crashAllowance, type Queue, stepQueues } from '../core/queues.ts';
import type { Verbs } from '../core/verbs.ts';
import { isOutage } from './outage.ts';

const heartbeatIntervalMs = 1_000;

type Activity = (input: unknown) => Promise<unknown>;

/** The steps that run on `queue`, as Temporal activities of the same names. */
export function activitiesOf(queue: Queue, verbs: Verbs, log: Logger): Record<string, Activity> {
  const homes = { ...stepQueues, ...callQueues };
  const names = Object.entries(homes).filter(([, home]) => home === queue);
  return Object.fromEntries(
    names.map(([name]) => [name, asActivity(verbs[name as keyof typeof homes] as Verb<unknown, unknown>, log)]),
  );
}

/** A verb as an activity: the call is filled from Temporal's context, heartbeats go out while it runs, errors are mapped. */
function asActivity(verb: Verb<unknown, unknown>, log: Logger): Activity {
  return async (input) => {
    const context = Context.current();
    const { attempt, activityType, activityId, workflowExecution, retryPolicy } = context.info;
    const maxAttempts = (retryPolicy?.maximumAttempts || Infinity) / crashAllowance;
    const workflowId = workflowExecution?.workflowId ?? activityId;
    const call: Call = {
      principal: system,
      requestId: workflowId,
      signal: context.cancellationSignal,
      attempt,
      inBackground: true,
      idempotencyKey: `${workflowId}:${activityId}`,
      unit: `${workflowId}:${activityId}`,
      operation: null,
      progress: (update) => context.heartbeat(update),
      served: () => undefined,
      log,
    };
    const heartbeat = setInterval(() => context.heartbeat(), heartbeatIntervalMs);
    try {
      return await verb(input, call);
    } catch (error) {
      if (context.cancellationSignal.aborted) throw asCancellation(context.cancellationSignal.reason);
      log.warn({ err: error, step: activityType, workflowId, attempt }, 'step failed');
      throw toApplicationFailure(error, attempt >= maxAttempts && !isOutage(error));
    } finally {
      clearInterval(heartbeat);
    }
  };
}

/** Cancellation keeps its own type, or the workflow would take it for a failure; a worker that stops asks for a retry. */
function asCancellation(reason: unknown): Error {
  if (!(reason instanceof Error)) return new CancelledFailure('cancelled');
  return reason.message === 'WORKER_SHUTDOWN'
    ? ApplicationFailure.retryable('the worker is stopping', 'unavailable')
    : reason;
}
