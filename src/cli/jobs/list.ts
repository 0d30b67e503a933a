import { command } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { pairsIn } from '../pairs.ts';
import type { Job } from './job.ts';
import { printJob } from './present.ts';

export const listJobs = command({
  words: 'jobs list',
  summary: 'List jobs, the newest first',
  positionals: [],
  options: {
    status: { type: 'string', multiple: true, placeholder: 'STATUS', description: 'May be repeated.' },
    endpoint: { type: 'string', placeholder: 'PATH', description: 'Of the call, such as /v1/embeddings.' },
    model: { type: 'string', placeholder: 'NAME', description: 'Of the call.' },
    metadata: {
      type: 'string',
      multiple: true,
      placeholder: 'KEY=VALUE',
      description: 'May be repeated; all must fit.',
    },
    'idempotency-key': { type: 'string', placeholder: 'KEY', description: 'The job that was submitted with it.' },
    'created-after': { type: 'string', placeholder: 'TIME', description: 'Unix seconds.' },
    'created-before': { type: 'string', placeholder: 'TIME', description: 'Unix seconds.' },
    limit: { type: 'string', placeholder: 'N', description: '1 to 100, 20 unless given.' },
    order: { type: 'string', placeholder: 'asc|desc', description: 'By time of creation.' },
    after: { type: 'string', placeholder: 'JOB', description: 'Those that follow this one.' },
    before: { type: 'string', placeholder: 'JOB', description: 'Those that precede this one.' },
  },
  async run({ values: { metadata, ...filters } }, context) {
    const query = new URLSearchParams();
    for (const [name, given] of Object.entries(filters)) {
      for (const value of [given].flat()) query.append(name.replaceAll('-', '_'), value);
    }
    for (const [key, value] of pairsIn('--metadata', metadata)) query.append(`metadata[${key}]`, value);
    const page = await context.api.json<{ data: Job[]; first_id: string; last_id: string; has_more: boolean }>(
      'GET',
      `/v1/jobs?${query}`,
    );
    for (const job of page.data) printJob(job, context);
    const isBackwards = filters.before !== undefined && filters.after === undefined;
    const onward = isBackwards ? `--before ${page.first_id}` : `--after ${page.last_id}`;
    if (page.has_more) context.err.line(`There are more: ${onward}`);
    return exitCodes.done;
  },
});
