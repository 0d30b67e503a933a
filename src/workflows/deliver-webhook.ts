import { sleep } from '@temporalio/workflow';
import type { DeliveryStart } from '../core/delivery-run.ts';
import { steps } from './steps.ts';

/** One event on its way to one receiver: try, wait, try again, until there is nothing left to try. */
export async function deliverWebhook({ firstAfterMs, ...run }: DeliveryStart): Promise<void> {
  const { attemptDelivery } = steps();
  let afterMs: number | null = firstAfterMs;
  while (afterMs !== null) {
    if (afterMs > 0) await sleep(afterMs);
    ({ afterMs } = await attemptDelivery(run));
  }
}
