import { proxyActivities } from '@temporalio/workflow';

/** The least a durable call can cost: a workflow that is one activity. */
export async function bare(taskQueue: string, input: unknown): Promise<void> {
  const { work } = proxyActivities<{ work(input: unknown): Promise<void> }>({
    taskQueue,
    startToCloseTimeout: '1 minute',
  });
  await work(input);
}
