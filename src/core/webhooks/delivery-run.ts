/** A delivery in the hands of a workflow: references and numbers, nothing else. */

/** One course of the schedule; whenever a delivery is sent anew it is another, and what an older one reports is void. */
export interface DeliveryRun {
  deliveryId: string;
  ownerId: number;
  run: number;
}

/** What the workflow of a delivery is started with. */
export interface DeliveryStart extends DeliveryRun {
  /** The pause before the first attempt. */
  firstAfterMs: number;
}

/** The delivery's own id for the first run, and one of the run's own after it: an id that has run runs no more. */
export function deliveryWorkflowId({ deliveryId, run }: DeliveryRun): string {
  return run === 0 ? deliveryId : `${deliveryId}:${run}`;
}
