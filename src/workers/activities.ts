import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { toApplicationFailure } from '../adapters/temporal/failure.ts';
import { system } from '../core/access.ts';
import type { Call, Logger, Verb } from '../core/call.ts';
import { GatewayError, isUnavailable } from '../core/errors.ts';
import { callQueues, crashAllowance, type Queue, type StepBounds, stepQueues } from '../core/queues.ts';
import type { Verbs } from '../core/verbs.ts';
import { outageDelayMs } from './outage.ts';
import { historyIn } from './step-history.ts';

const heartbeatIntervalMs = 1_000;

type Activity = (input: unknown, bounds?: StepBounds) => Promise<unknown>;

/** Temporal's own count is the only bound. */
const unbounded: StepBounds = { maxAttempts: Number.POSITIVE_INFINITY };

/** The steps that run on `queue`, as Temporal activities of the same names. */
export function activitiesOf(queue: Queue, verbs: Verbs, log: Logger): Record<string, Activity> {
  const homes = { ...stepQueues, ...callQueues };
  const names = Object.entries(homes).filter(([, home]) => home === queue);
  return Object.fromEntries(
    names.map(([name]) => [name, asActivity(verbs[name as keyof typeof homes] as Verb<unknown, unknown>, log)]),
  );
}

/**
 * A verb as an activity: the call is filled from Temporal's context, heartbeats go out while it runs, errors are mapped.
 * A try that met an outage counts as none: the step is given back, so that it holds no slot, and comes again.
 */
function asActivity(verb: Verb<unknown, unknown>, log: Logger): Activity {
  return async (input, { maxAttempts } = unbounded) => {
    const context = Context.current();
    const { attempt, activityType, activityId, workflowExecution, heartbeatDetails } = context.info;
    const history = historyIn(heartbeatDetails);
    const counted = attempt - history.uncounted;
    if (counted > maxAttempts * crashAllowance) throw toApplicationFailure(workersFailed(), true);
    const beat = () => context.heartbeat(history);
    const notCounted = () => {
      history.uncounted += 1;
      beat();
    };
    const workflowId = workflowExecution?.workflowId ?? activityId;
    const call: Call = {
      principal: system,
      requestId: workflowId,
      signal: context.cancellationSignal,
      attempt,
      scheduledAt: context.info.currentAttemptScheduledTimestampMs,
      inBackground: true,
      idempotencyKey: `${workflowId}:${activityId}`,
      unit: `${workflowId}:${activityId}`,
      operation: null,
      progress: (update) => {
        history.progress = update;
        beat();
      },
      served: () => undefined,
      log,
    };
    const heartbeat = setInterval(beat, heartbeatIntervalMs);
    try {
      return await verb(input, call);
    } catch (error) {
      if (context.cancellationSignal.aborted) {
        const { reason } = context.cancellationSignal;
        if (!isStopping(reason)) throw reason instanceof Error ? reason : new CancelledFailure('cancelled');
        notCounted();
        throw ApplicationFailure.retryable('the worker is stopping', 'unavailable');
      }
      log.warn({ err: error, step: activityType, workflowId, attempt }, 'step failed');
      if (!isUnavailable(error)) throw toApplicationFailure(error, counted >= maxAttempts);
      const delayMs = outageDelayMs(error, history.uncounted);
      notCounted();
      throw toApplicationFailure(error, false, delayMs);
    } finally {
      clearInterval(heartbeat);
    }
  };
}

function workersFailed(): GatewayError {
  return new GatewayError('internal_error', 'The work could not be finished: its workers failed repeatedly.');
}

/** A worker that stops cancels its steps, too: another one shall have them. Any other cancellation keeps its type. */
function isStopping(reason: unknown): boolean {
  return reason instanceof Error && reason.message === 'WORKER_SHUTDOWN';
}
