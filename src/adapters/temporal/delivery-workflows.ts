import { Client, type Connection, WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { WorkflowIdConflictPolicy, WorkflowIdReusePolicy } from '@temporalio/common';
import { queueName } from '../../core/queues.ts';
import { type DeliveryRun, type DeliveryStart, deliveryWorkflowId } from '../../core/webhooks/delivery-run.ts';
import type { TemporalSettings } from './client.ts';
import { engineFailure, stateOf, timely, type WorkflowState } from './engine-call.ts';

/** The client side of Temporal for webhooks: one workflow per run of a delivery. */
export function createDeliveryWorkflows(connection: Connection, settings: TemporalSettings) {
  const client = new Client({ connection, namespace: settings.namespace });
  const taskQueue = queueName(settings.queuePrefix, 'workflows');

  return {
    /** Starts the run's workflow unless it runs or has run. Safe to repeat, also side by side. */
    async start(start: DeliveryStart, eventType: string): Promise<void> {
      try {
        await timely(connection, settings, () =>
          client.workflow.start('deliverWebhook', {
            workflowId: deliveryWorkflowId(start),
            taskQueue,
            args: [start],
            workflowIdReusePolicy: WorkflowIdReusePolicy.REJECT_DUPLICATE,
            workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
            staticSummary: eventType,
          }),
        );
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw engineFailure(error);
      }
    },

    describe(run: DeliveryRun): Promise<WorkflowState> {
      return stateOf(() =>
        timely(connection, settings, () => client.workflow.getHandle(deliveryWorkflowId(run)).describe()),
      );
    },
  };
}

export type DeliveryWorkflows = ReturnType<typeof createDeliveryWorkflows>;
