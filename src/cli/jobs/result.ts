import type { CommandContext } from '../command.ts';
import { command } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { pathOf } from './job.ts';

export const getResult = command({
  words: 'jobs result',
  summary: 'Print what the call answered, byte for byte',
  positionals: ['job'],
  options: {},
  run: ({ positionals: [jobId = ''] }, context) => printResult(jobId, context),
});

export async function printResult(jobId: string, { api, out }: CommandContext): Promise<ExitCode> {
  const response = await api.open('GET', `${pathOf(jobId)}/result`);
  let last = lineFeed;
  for await (const bytes of response.body ?? []) {
    await out.write(bytes);
    last = bytes.at(-1) ?? last;
  }
  // The next prompt belongs on a line of its own; a file gets the bytes alone.
  if (out.isTerminal && last !== lineFeed) out.line();
  return exitCodes.done;
}

const lineFeed = 0x0a;
