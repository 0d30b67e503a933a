import { continueAsNew, patched, sleep } from '@temporalio/workflow';
import type { DeliveryStart } from '../core/webhooks/delivery-run.ts';
import { steps } from './steps.ts';

/** Each turn is some eleven events; a history may have 51,200, but is replayed as a whole. */
const turnsPerHistory = 100;

/** One event on its way to one receiver: try, wait, try again, until there is nothing left to try. */
export async function deliverWebhook({ firstAfterMs, ...run }: DeliveryStart): Promise<void> {
  const { attemptDelivery } = steps();
  let afterMs: number | null = firstAfterMs;
  for (let turns = 0; afterMs !== null; turns += 1) {
    // Histories from before there was an end to them may be longer: they are replayed as they went.
    if (turns >= turnsPerHistory && patched('turns-per-history')) {
      await continueAsNew<typeof deliverWebhook>({ ...run, firstAfterMs: afterMs });
    }
    if (afterMs > 0) await sleep(afterMs);
    ({ afterMs } = await attemptDelivery(run));
  }
}
