import { type CommandContext, command } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { readBytes } from '../http/read-bytes.ts';
import { pathOf } from './job.ts';
import { createPatience, lostAfterEnd } from './patience.ts';

export const getResult = command({
  words: 'jobs result',
  summary: 'Print what the call answered, byte for byte',
  positionals: ['job'],
  options: {},
  run: ({ positionals: [jobId = ''] }, context) => printResult(readBytes(context.api, resultOf(jobId)), context),
});

/** Over as many connections as it takes: the result of a job that has just been waited for. */
export function printResultPatiently(jobId: string, context: CommandContext): Promise<ExitCode> {
  return printResult(readPatiently(jobId, context), context);
}

async function printResult(result: AsyncIterable<Uint8Array>, { out }: CommandContext): Promise<ExitCode> {
  let last = lineFeed;
  for await (const bytes of result) {
    await out.write(bytes);
    last = bytes.at(-1) ?? last;
  }
  // The next prompt belongs on a line of its own; a file gets the bytes alone.
  if (out.isTerminal && last !== lineFeed) out.line();
  return exitCodes.done;
}

/** A result is stored: what came before the connection broke is the same the next time, and is left out. */
async function* readPatiently(jobId: string, { api, signal }: CommandContext): AsyncGenerator<Uint8Array> {
  const patience = createPatience(signal, lostAfterEnd(jobId));
  let taken = 0;
  for (;;) {
    let position = 0;
    try {
      for await (const bytes of readBytes(api, resultOf(jobId))) {
        const fresh = bytes.subarray(Math.max(0, taken - position));
        position += bytes.byteLength;
        if (fresh.byteLength === 0) continue;
        taken = position;
        yield fresh;
        patience.link.heard();
      }
      return;
    } catch (error) {
      patience.bear(error);
    }
    await patience.pause();
  }
}

function resultOf(jobId: string): string {
  return `${pathOf(jobId)}/result`;
}

const lineFeed = 0x0a;
