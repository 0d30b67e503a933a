import type { ParseArgsOptionDescriptor, parseArgs } from 'node:util';
import type { ExitCode } from './exit-codes.ts';
import type { ApiClient } from './http/api-client.ts';
import type { Terminal } from './terminal/terminal.ts';

export interface Option extends ParseArgsOptionDescriptor {
  /** What stands for the value in the help, e.g. `URL`. */
  placeholder?: string;
  description: string;
}
type Options = Record<string, Option>;
type Values<Given extends Options> = ReturnType<typeof parseArgs<{ options: Given; allowPositionals: true }>>['values'];

/** What every command is run with. */
export interface CommandContext {
  /** Throws where no key is given, on the first call. */
  api: ApiClient;
  out: Terminal;
  err: Terminal;
  /** Each value as JSON on a line of its own, for programs. */
  json: boolean;
  /** Aborts on Ctrl-C. A command that waits tells how to go on, and answers `interrupted`. */
  signal: AbortSignal;
}

export interface Command<Given extends Options = Options> {
  /** How it is called, e.g. `jobs watch`. */
  words: string;
  summary: string;
  /** Names of what follows the words; each must be given. */
  positionals: readonly string[];
  options: Given;
  run(input: { positionals: readonly string[]; values: Values<Given> }, context: CommandContext): Promise<ExitCode>;
}

/** Infers the types of the values from the options. */
export function command<const Given extends Options>(declared: Command<Given>): Command {
  return declared as unknown as Command;
}
