import { usageError } from '../cli-error.ts';
import { command } from '../command.ts';
import { awaitEnd } from './await-end.ts';

export const watchJob = command({
  words: 'jobs watch',
  summary: 'Follow a job until it ends; goes on by itself after a lost connection',
  positionals: ['job'],
  options: {
    after: { type: 'string', placeholder: 'N', description: 'Begin behind the event of this number.' },
  },
  async run({ positionals: [jobId = ''], values }, context) {
    return awaitEnd(jobId, sequenceIn(values.after ?? '0'), context.out, context);
  },
});

function sequenceIn(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw usageError(`--after wants the number of an event, got '${text}'.`);
}
