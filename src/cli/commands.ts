import type { Command } from './command.ts';
import { cancelJob } from './jobs/cancel.ts';
import { getJob } from './jobs/get.ts';
import { listJobs } from './jobs/list.ts';
import { getResult } from './jobs/result.ts';
import { retryJob } from './jobs/retry.ts';
import { submitJob } from './jobs/submit.ts';
import { watchJob } from './jobs/watch.ts';
import { listen } from './webhooks/listen.ts';

/** Everything the program can do, in the order of the help. */
export const commands: readonly Command[] = [
  submitJob,
  listJobs,
  getJob,
  watchJob,
  getResult,
  cancelJob,
  retryJob,
  listen,
];
