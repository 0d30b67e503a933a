import { steps } from './steps.ts';

/** A pass over all jobs that look forgotten, then over all that are past their time. Run by a schedule. */
export async function reconcile(): Promise<void> {
  const { dispatchJobs, reconcileJobs, purgeExpired } = steps();
  await dispatchJobs({ olderThanMs: 30_000 });
  let cursor: string | null = null;
  do {
    const page: { cursor: string | null } = await reconcileJobs({ cursor });
    cursor = page.cursor;
  } while (cursor !== null);
  await purgeExpired({});
}
