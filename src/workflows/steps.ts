import { type ActivityOptions, proxyActivities, workflowInfo } from '@temporalio/workflow';
import { queueName, queuePrefix, type StepBounds, stepQueues } from '../core/queues.ts';
import type { BatchSteps, DeliverySteps, IngestSteps, JobSteps, Verbs } from '../core/verbs.ts';
import { summaryOf } from './summaries.ts';

type StepName = keyof JobSteps | keyof DeliverySteps | keyof IngestSteps | keyof BatchSteps;
/** A verb as a workflow sees it: the input only; the worker supplies the call. */
export type Steps = { [Name in StepName]: (input: Parameters<Verbs[Name]>[0]) => ReturnType<Verbs[Name]> };

/** A worker that dies is noticed after this long; a live one heartbeats every second, whatever it is doing. */
const heartbeatTimeout = '10 seconds';

const retry = { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '30 seconds' } as const;

const maxUpkeepAttempts = 3;

/** Bounds by resource. Storage steps are short and are tried for as long as a store may be away. */
const optionsOf: Record<(typeof stepQueues)[StepName], ActivityOptions> = {
  io: { startToCloseTimeout: '2 minutes', scheduleToCloseTimeout: '24 hours', heartbeatTimeout, retry },
  cpu: { startToCloseTimeout: '30 minutes', heartbeatTimeout, retry },
  // A stream takes what it takes, as long as it is not silent; that a worker has died is known by its heartbeats.
  llm: { startToCloseTimeout: '4 hours', heartbeatTimeout, retry },
  // Lines that are still being called must not be told that they were not.
  batch: { startToCloseTimeout: '4 hours', heartbeatTimeout, retry, cancellationType: 'WAIT_CANCELLATION_COMPLETED' },
  // What one of them still writes must be there before the step that ends the batch clears up.
  files: {
    startToCloseTimeout: '2 hours',
    scheduleToCloseTimeout: '24 hours',
    heartbeatTimeout,
    retry,
    cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  },
  // Whatever a receiver does is the step's result: it fails only when something of ours is away.
  webhooks: { startToCloseTimeout: '2 minutes', heartbeatTimeout, retry },
};

/** Steps that belong to no attempt of a job. */
export function steps(): Steps {
  return proxies();
}

/** Steps that a schedule runs: what does not go now is left to the next time, and holds up nothing else. */
export function upkeepSteps(): Steps {
  return proxies({ retry: { ...retry, maximumAttempts: maxUpkeepAttempts } });
}

/**
 * The steps of a job that may be tried `maxAttempts` times. Who counts is the worker: the engine would take a store
 * that is away for a failure of the work.
 */
export function stepsOf(maxAttempts: number): Steps {
  return proxies({}, { maxAttempts });
}

/** Every step by name, each on its own queue. Storage steps have no bounds. */
function proxies(changes: ActivityOptions = {}, bounds?: StepBounds): Steps {
  const prefix = queuePrefix(workflowInfo().taskQueue);
  const entries = Object.entries(stepQueues).map(([name, queue]) => {
    const options: ActivityOptions = { ...optionsOf[queue], ...changes, taskQueue: queueName(prefix, queue) };
    return [name, stepOf(name as StepName, options, queue === 'io' ? undefined : bounds)];
  });
  return Object.fromEntries(entries) as Steps;
}

/** One step, which says in the engine's UI what it is about. */
function stepOf(name: StepName, options: ActivityOptions, bounds: StepBounds | undefined) {
  const step = proxyActivities<Record<StepName, (...args: unknown[]) => Promise<unknown>>>(options)[name];
  return (input: never) => {
    const args = bounds === undefined ? [input] : [input, bounds];
    const summary = summaryOf(name, input);
    return summary === undefined ? step(...args) : step.executeWithOptions({ summary }, args);
  };
}
