import {
  Client,
  type Connection,
  ScheduleAlreadyRunning,
  ScheduleOverlapPolicy,
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
} from '@temporalio/client';
import { type TypedSearchAttributes, WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';
import type { Logger } from '../../core/call.ts';
import type { Job, JobEnding, JobKind, JobRef } from '../../core/job.ts';
import { queueName } from '../../core/queues.ts';
import { engineFailure, type Patience, stateOf, timely, type WorkflowState } from './engine-call.ts';
import { createJobAttributes } from './job-attributes.ts';

export interface TemporalSettings extends Patience {
  namespace: string;
  queuePrefix: string;
}

/** Which workflow drives a kind of job: names exported by `workflows/index.ts`. */
const workflowOf: Record<JobKind, string> = {
  call: 'runCall',
  ingest: 'ingestDocument',
  batch: 'runBatch',
  embed_batch: 'runBatch',
};
const reconcileSchedule = 'reconcile';

/** The client side of Temporal for jobs: start, cancel, close, describe. */
export function createWorkflows(connection: Connection, settings: TemporalSettings, log: Logger) {
  const client = new Client({ connection, namespace: settings.namespace });
  const taskQueue = queueName(settings.queuePrefix, 'workflows');
  const attributes = createJobAttributes(connection, settings, log);

  function startJob(job: Job, typedSearchAttributes: TypedSearchAttributes | null) {
    return timely(connection, settings, () =>
      client.workflow.start(workflowOf[job.kind], {
        workflowId: workflowId(job.id),
        taskQueue,
        args: [{ jobId: job.id, ownerId: job.ownerId, maxAttempts: job.maxAttempts, deadlineAt: job.deadlineAt }],
        workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
        workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
        staticSummary: `${job.request.operation}${job.model === null ? '' : ` · ${job.model}`}`,
        staticDetails: `The job of user ${job.ownerId}: \`GET /v1/jobs/${job.id}\``,
        memo: { jobId: job.id, ownerId: job.ownerId },
        ...(typedSearchAttributes && { typedSearchAttributes }),
      }),
    );
  }

  return {
    /** Starts the job's workflow unless it runs or has run. Safe to repeat, also side by side. */
    async start(job: Job): Promise<void> {
      try {
        await startJob(job, await attributes.of(job)).catch((error: unknown) => {
          if (!attributes.wereRefused(error)) throw error;
          return startJob(job, null);
        });
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw engineFailure(error);
      }
    },

    async cancel(jobId: string): Promise<void> {
      try {
        await timely(connection, settings, () => client.workflow.getHandle(workflowId(jobId)).cancel());
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw engineFailure(error);
      }
    },

    /** Ends a job of lines whose own workflow is no more. Safe to repeat, also side by side. */
    async close(ending: JobRef & JobEnding): Promise<void> {
      try {
        await timely(connection, settings, () =>
          client.workflow.start('closeBatch', {
            workflowId: `${workflowId(ending.jobId)}:close`,
            taskQueue,
            args: [ending],
            workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
            memo: { jobId: ending.jobId, ownerId: ending.ownerId },
          }),
        );
      } catch (error) {
        throw engineFailure(error);
      }
    },

    describe(jobId: string): Promise<WorkflowState> {
      return stateOf(() => timely(connection, settings, () => client.workflow.getHandle(workflowId(jobId)).describe()));
    },

    /** Makes the schedule that runs the reconciler. Safe to repeat. */
    async ensureReconciler(everyMs: number): Promise<void> {
      try {
        await timely(connection, settings, () =>
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
        if (!(error instanceof ScheduleAlreadyRunning)) throw engineFailure(error);
      }
    },

    async removeReconciler(): Promise<void> {
      await timely(connection, settings, () =>
        client.schedule.getHandle(`${settings.queuePrefix}-${reconcileSchedule}`).delete(),
      );
    },

    /** Throws `unavailable` when the server does not answer. */
    async ping(): Promise<void> {
      try {
        await timely(connection, settings, () => connection.workflowService.getSystemInfo({}));
      } catch (error) {
        throw engineFailure(error);
      }
    },
  };
}

export type Workflows = ReturnType<typeof createWorkflows>;

function workflowId(jobId: string): string {
  return `job:${jobId}`;
}
