import { parseArgs } from 'node:util';
import { CliError, usageError } from './cli-error.ts';
import type { Command } from './command.ts';
import type { Environment } from './environment.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { helpOf, helpOfOne, sharedOptions } from './help.ts';
import { createApiClient } from './http/api-client.ts';
import type { Terminal } from './terminal/terminal.ts';

const defaultUrl = 'http://127.0.0.1:8080';

export interface Surroundings {
  environment: Environment;
  out: Terminal;
  err: Terminal;
  signal: AbortSignal;
}

/** Runs what the arguments ask for. Throws `CliError` for what is told as a sentence. */
export async function runCli(
  args: readonly string[],
  commands: readonly Command[],
  { environment, ...context }: Surroundings,
): Promise<ExitCode> {
  const asked = commands.find(({ words }) => `${args.join(' ')} `.startsWith(`${words} `));
  if (!asked) {
    const named = leadingWords(args);
    const related = commands.filter(({ words }) => named === '' || words.startsWith(`${named} `));
    if (related.length > 0 && args.some((arg) => arg === '--help' || arg === '-h')) {
      context.out.line(helpOf(related));
      return exitCodes.done;
    }
    throw usageError(`${named === '' ? 'Which command?' : `There is no command '${named}'.`}\n\n${helpOf(commands)}`);
  }
  const { values, positionals } = parse(asked, args.slice(asked.words.split(' ').length));
  const { url, key, json, help, ...own } = values;
  if (help) {
    context.out.line(helpOfOne(asked));
    return exitCodes.done;
  }
  if (positionals.length !== asked.positionals.length) {
    const wanted = asked.positionals.map((name) => `<${name}>`).join(' ') || 'nothing';
    throw usageError(
      `'switchyard ${asked.words}' wants ${wanted} behind it, got: ${positionals.join(' ') || 'nothing'}`,
    );
  }
  const secret = () => {
    const given = key ?? environment.key;
    if (given === null) throw usageError('There is no API key: set SWITCHYARD_API_KEY, or give --key.');
    return given;
  };
  const api = createApiClient(addressIn(url ?? environment.url ?? defaultUrl), secret, context.signal);
  return asked.run({ positionals, values: own }, { ...context, api, json: json === true });
}

function leadingWords(args: readonly string[]): string {
  const end = args.findIndex((arg) => arg.startsWith('-'));
  return args.slice(0, end < 0 ? args.length : end).join(' ');
}

function parse(asked: Command, args: string[]) {
  try {
    return parseArgs({ args, options: { ...asked.options, ...sharedOptions }, allowPositionals: true });
  } catch (error) {
    throw usageError(`${(error as Error).message} See: switchyard ${asked.words} --help`);
  }
}

function addressIn(text: string): string {
  if (URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)) return text;
  throw new CliError(exitCodes.usage, `'${text}' is no address of an API, such as ${defaultUrl}.`);
}
