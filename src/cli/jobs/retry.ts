import { command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Job, pathOf } from './job.ts';
import { printJob } from './present.ts';

export const retryJob = command({
  words: 'jobs retry',
  summary: 'Submit the request of an ended job again; shows the new job',
  positionals: ['job'],
  options: {},
  async run({ positionals: [jobId = ''] }, context) {
    printJob(await context.api.json<Job>('POST', `${pathOf(jobId)}/retry`), context);
    return exitCodes.done;
  },
});
