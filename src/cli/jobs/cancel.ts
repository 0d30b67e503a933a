import { command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Job, pathOf } from './job.ts';
import { printJob } from './present.ts';

export const cancelJob = command({
  words: 'jobs cancel',
  summary: 'Cancel a job; one that has ended stays as it is',
  positionals: ['job'],
  options: {},
  async run({ positionals: [jobId = ''] }, context) {
    printJob(await context.api.json<Job>('POST', `${pathOf(jobId)}/cancel`), context);
    return exitCodes.done;
  },
});
