import { isCancellation } from '@temporalio/workflow';
import { type Steps, upkeepSteps } from './steps.ts';

const dispatchAfterMs = 30_000;
/** Whatever is left to delete by then waits for the next pass, so that repairs do not wait for it. */
const purgeForMs = 20_000;

/**
 * A pass over all jobs and deliveries that look forgotten, then over all that are past their time. Run by a schedule.
 * Each part runs whatever became of the one before; the first failure is that of the pass.
 */
export async function reconcile(): Promise<void> {
  const steps = upkeepSteps();
  const failures: unknown[] = [];
  for (const part of [dispatch, dispatchWebhooks, repair, repairWebhooks, purge]) {
    try {
      await part(steps);
    } catch (error) {
      if (isCancellation(error)) throw error;
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

async function dispatch({ dispatchJobs }: Steps): Promise<void> {
  await dispatchJobs({ olderThanMs: dispatchAfterMs });
}

async function dispatchWebhooks({ dispatchDeliveries }: Steps): Promise<void> {
  await dispatchDeliveries({ olderThanMs: dispatchAfterMs });
}

function repair({ reconcileJobs }: Steps): Promise<void> {
  return everyPage(reconcileJobs);
}

function repairWebhooks({ reconcileDeliveries }: Steps): Promise<void> {
  return everyPage(reconcileDeliveries);
}

async function everyPage(step: (input: { cursor: string | null }) => Promise<{ cursor: string | null }>) {
  let cursor: string | null = null;
  do {
    const page: { cursor: string | null } = await step({ cursor });
    cursor = page.cursor;
  } while (cursor !== null);
}

async function purge({ purgeExpired }: Steps): Promise<void> {
  const until = Date.now() + purgeForMs;
  let page: { more: boolean };
  do page = await purgeExpired({});
  while (page.more && Date.now() < until);
}
