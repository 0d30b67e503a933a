import { isCancellation, log, patched, rootCause, workflowInfo } from '@temporalio/workflow';
import { type Steps, upkeepSteps } from './steps.ts';

const dispatchAfterMs = 30_000;
/** Of jobs, and again of deliveries. Whatever is left to look at by then waits for the next pass. */
const repairForMs = 10_000;
/** Whatever is left to delete by then waits for the next pass, so that repairs do not wait for it. */
const purgeForMs = 20_000;

/** Behind what the repairs of a pass got to; null where they got to the end. */
interface Reached {
  jobs: string | null;
  deliveries: string | null;
}

/** What the next pass and whoever looks at this one are told. */
interface Passed extends Reached {
  /** Of the parts that failed, why. */
  failures: string[];
}

/**
 * A pass over all jobs and deliveries that look forgotten, then over all that are past their time. Run by a schedule,
 * which tells each pass the result of the one before it. Each part runs whatever became of the one before. A pass never
 * fails: the next would not hear then how far it has come, and look at the same jobs again for as long as that lasts.
 */
export async function reconcile(): Promise<Passed> {
  const steps = upkeepSteps();
  const before = workflowInfo().lastResult as Partial<Passed> | undefined;
  const passed: Passed = { jobs: before?.jobs ?? null, deliveries: before?.deliveries ?? null, failures: [] };
  for (const part of [dispatch, dispatchWebhooks, repair, repairWebhooks, purge]) {
    try {
      await part(steps, passed);
    } catch (error) {
      if (isCancellation(error)) throw error;
      const why = rootCause(error) ?? 'unknown';
      log.error('a part of a pass failed', { part: part.name, cause: why });
      passed.failures.push(`${part.name}: ${why}`);
    }
  }
  return passed;
}

async function dispatch({ dispatchJobs }: Steps): Promise<void> {
  await dispatchJobs({ olderThanMs: dispatchAfterMs });
}

async function dispatchWebhooks({ dispatchDeliveries }: Steps): Promise<void> {
  await dispatchDeliveries({ olderThanMs: dispatchAfterMs });
}

async function repair({ reconcileJobs }: Steps, reached: Reached): Promise<void> {
  reached.jobs = await pagesBehind(reached.jobs, reconcileJobs);
}

async function repairWebhooks({ reconcileDeliveries }: Steps, reached: Reached): Promise<void> {
  reached.deliveries = await pagesBehind(reached.deliveries, reconcileDeliveries);
}

async function pagesBehind(
  reached: string | null,
  step: (input: { cursor: string | null }) => Promise<{ cursor: string | null }>,
): Promise<string | null> {
  const until = Date.now() + repairForMs;
  let cursor = reached;
  for (;;) {
    ({ cursor } = await step({ cursor }));
    if (cursor === null) return null;
    // A pass from before it had its time is replayed as it went.
    if (Date.now() >= until && patched('time-for-repairs')) return cursor;
  }
}

async function purge({ purgeExpired }: Steps): Promise<void> {
  const until = Date.now() + purgeForMs;
  let page: { more: boolean };
  do page = await purgeExpired({});
  while (page.more && Date.now() < until);
}
