import { CliError } from './cli-error.ts';
import { commands } from './commands.ts';
import { readEnvironment } from './environment.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { runCli } from './run.ts';
import { createTerminal } from './terminal/terminal.ts';

const environment = readEnvironment();
const out = createTerminal(process.stdout, environment);
const err = createTerminal(process.stderr, environment);

/** What does not end by itself once it is interrupted, such as reading standard input, is ended. */
const endsWithinMs = 2_000;

const interrupted = new AbortController();
function interrupt(): void {
  interrupted.abort();
  setTimeout(() => process.exit(exitCodes.interrupted), endsWithinMs).unref();
}
// A starter that passes its terminal's signals on makes two of one, so that the second means nothing.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupt);
// `switchyard jobs list | head` has read enough: that is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

async function main(): Promise<ExitCode> {
  try {
    return await runCli(process.argv.slice(2), commands, { environment, out, err, signal: interrupted.signal });
  } catch (error) {
    if (interrupted.signal.aborted) return exitCodes.interrupted;
    if (!(error instanceof CliError)) {
      err.line(String((error as Error)?.stack ?? error));
      return exitCodes.internal;
    }
    err.line(error.message);
    return error.exitCode;
  }
}

// What was written must arrive where it goes: the process ends by itself.
process.exitCode = await main();
