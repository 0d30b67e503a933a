import {
  Client,
  type Connection,
  isGrpcServiceError,
  ScheduleAlreadyRunning,
  ScheduleOverlapPolicy,
  ServiceError,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';
import { GatewayError } from '../../core/errors.ts';
import type { Job, JobKind } from '../../core/job.ts';
import { queueName } from '../../core/queues.ts';

export interface TemporalSettings {
  namespace: string;
  queuePrefix: string;
}

/** What the server knows of a job's workflow. */
export type WorkflowState = 'running' | 'completed' | 'failed' | 'cancelled' | 'terminated' | 'timed_out' | 'gone';

/** Which workflow drives a kind of job: names exported by `workflows/index.ts`. */
const workflowOf: Record<JobKind, string> = { call: 'runCall', ingest: 'ingestDocument' };
const reconcileSchedule = 'reconcile';
const callTimeoutMs = 3_000;
/** The code of gRPC. */
const invalidArgument = 3;

/** The client side of Temporal for jobs: start, cancel, describe. */
export function createWorkflows(connection: Connection, settings: TemporalSettings) {
  const client = new Client({ connection, namespace: settings.namespace });
  const taskQueue = queueName(settings.queuePrefix, 'workflows');

  /** The default is ten tries in as many seconds; here a caller, or a sweep that comes again, is waiting. */
  function timely<T>(work: () => Promise<T>): Promise<T> {
    return connection.withDeadline(Date.now() + callTimeoutMs, work);
  }

  return {
    /** Starts the job's workflow unless it runs or has run. Safe to repeat, also side by side. */
    async start(job: Job): Promise<void> {
      try {
        await timely(() =>
          client.workflow.start(workflowOf[job.kind], {
            workflowId: workflowId(job.id),
            taskQueue,
            args: [{ jobId: job.id, ownerId: job.ownerId, maxAttempts: job.maxAttempts, deadlineAt: job.deadlineAt }],
            workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
            workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
            staticSummary: `${job.request.operation}${job.model === null ? '' : ` · ${job.model}`}`,
          }),
        );
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw failure(error);
      }
    },

    async cancel(jobId: string): Promise<void> {
      try {
        await timely(() => client.workflow.getHandle(workflowId(jobId)).cancel());
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw failure(error);
      }
    },

    async describe(jobId: string): Promise<WorkflowState> {
      try {
        const description = await timely(() => client.workflow.getHandle(workflowId(jobId)).describe());
        return stateOf(description.status.name);
      } catch (error) {
        if (error instanceof WorkflowNotFoundError) return 'gone';
        throw failure(error);
      }
    },

    /** Makes the schedule that runs the reconciler. Safe to repeat. */
    async ensureReconciler(everyMs: number): Promise<void> {
      try {
        await timely(() =>
          client.schedule.create({
            scheduleId: `${settings.queuePrefix}-${reconcileSchedule}`,
            spec: { intervals: [{ every: everyMs }] },
            policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: everyMs },
            action: {
              type: 'startWorkflow',
              workflowType: 'reconcile',
              workflowId: `${settings.queuePrefix}-${reconcileSchedule}`,
              taskQueue,
            },
          }),
        );
      } catch (error) {
        if (!(error instanceof ScheduleAlreadyRunning)) throw failure(error);
      }
    },

    async removeReconciler(): Promise<void> {
      await timely(() => client.schedule.getHandle(`${settings.queuePrefix}-${reconcileSchedule}`).delete());
    },

    /** Throws `unavailable` when the server does not answer. */
    async ping(): Promise<void> {
      try {
        await timely(() => connection.workflowService.getSystemInfo({}));
      } catch (error) {
        throw failure(error);
      }
    },
  };
}

export type Workflows = ReturnType<typeof createWorkflows>;

function workflowId(jobId: string): string {
  return `job:${jobId}`;
}

function stateOf(name: string): WorkflowState {
  if (name === 'COMPLETED') return 'completed';
  if (name === 'FAILED') return 'failed';
  if (name === 'CANCELLED') return 'cancelled';
  if (name === 'TERMINATED') return 'terminated';
  if (name === 'TIMED_OUT') return 'timed_out';
  return 'running';
}

function failure(cause: unknown): GatewayError {
  const answer = cause instanceof ServiceError ? cause.cause : cause;
  // No outage: the same request will be refused for ever.
  if (isGrpcServiceError(answer) && answer.code === invalidArgument) {
    return new GatewayError('internal_error', 'The workflow engine refused the request.', { cause });
  }
  return new GatewayError('unavailable', 'The workflow engine does not answer. Try again shortly.', { cause });
}
