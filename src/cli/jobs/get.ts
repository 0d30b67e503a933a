import { command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { type Job, pathOf } from './job.ts';
import { printJob } from './present.ts';

export const getJob = command({
  words: 'jobs get',
  summary: 'Show a job',
  positionals: ['job'],
  options: {},
  async run({ positionals: [jobId = ''] }, context) {
    printJob(await context.api.json<Job>('GET', pathOf(jobId)), context);
    return exitCodes.done;
  },
});
