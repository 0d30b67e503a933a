import type { BatchSteps, DeliverySteps, IngestSteps, JobSteps, ShortCallSteps } from './verbs.ts';

/** Task queues by the resource that bounds them; `batch` is of calls that give way to all others, `files` of long streams. */
export type Queue = 'workflows' | 'io' | 'cpu' | 'llm' | 'webhooks' | 'short' | 'batch' | 'files';

/** Which queue each step of a workflow runs on. */
export const stepQueues = {
  runCall: 'llm',
  beginJob: 'io',
  endJob: 'io',
  dispatchJobs: 'io',
  reconcileJobs: 'io',
  purgeExpired: 'io',
  attemptDelivery: 'webhooks',
  dispatchDeliveries: 'io',
  reconcileDeliveries: 'io',
  inspectDocument: 'cpu',
  extractParts: 'cpu',
  splitDocument: 'cpu',
  indexBatches: 'llm',
  publishDocument: 'io',
  inspectBatch: 'files',
  runShard: 'batch',
  finishBatch: 'files',
  closeBatch: 'files',
} as const satisfies Record<keyof JobSteps | keyof DeliverySteps | keyof IngestSteps | keyof BatchSteps, Queue>;

/** Steps that belong to no workflow: somebody waits for them. */
export const callQueues = { runShortCall: 'short' } as const satisfies Record<keyof ShortCallSteps, Queue>;

/** How many messages a worker sends at once. */
export const webhookSlots = 200;

export function queueName(prefix: string, queue: Queue): string {
  return `${prefix}-${queue}`;
}

/** The prefix of the installation that a workflow queue's name belongs to. */
export function queuePrefix(workflowQueueName: string): string {
  return workflowQueueName.slice(0, -'-workflows'.length);
}

/** What a workflow says of a step to the worker that runs it, after the step's input. */
export interface StepBounds {
  /** How often the step may fail. */
  maxAttempts: number;
}

/**
 * A step that fails is tried as often as its job allows. A step whose worker dies has not failed: it is tried this
 * many times as often, so that only one that kills every worker is given up. That an engine is away counts as neither.
 */
export const crashAllowance = 10;
