import type { Command, Option } from './command.ts';
import { exitCodeMeanings } from './exit-codes.ts';

/** Options that every command has. */
export const sharedOptions = {
  url: { type: 'string', placeholder: 'URL', description: 'Of the API; SWITCHYARD_URL, else http://127.0.0.1:8080.' },
  key: { type: 'string', placeholder: 'KEY', description: 'An API key; SWITCHYARD_API_KEY.' },
  json: { type: 'boolean', description: 'Each value as JSON on a line of its own.' },
  help: { type: 'boolean', short: 'h', description: 'This text.' },
} as const satisfies Record<string, Option>;

export function helpOf(commands: readonly Command[]): string {
  const usages = commands.map((each) => [usageOf(each), each.summary] as const);
  return [
    'switchyard: calls on models as durable jobs, from the command line',
    '',
    ...columns(usages),
    '',
    'For every command:',
    ...columns(optionRows(sharedOptions)),
    '',
    'Exit codes:',
    ...columns(Object.entries(exitCodeMeanings).map(([code, meaning]) => [code, meaning] as const)),
  ].join('\n');
}

export function helpOfOne(declared: Command): string {
  return [
    `${usageOf(declared)} [options]`,
    '',
    declared.summary,
    '',
    ...columns(optionRows({ ...declared.options, ...sharedOptions })),
  ].join('\n');
}

function usageOf({ words, positionals }: Command): string {
  return ['switchyard', words, ...positionals.map((name) => `<${name}>`)].join(' ');
}

function optionRows(options: Record<string, Option>): (readonly [string, string])[] {
  return Object.entries(options).map(([name, { placeholder, description }]) => [
    `--${name}${placeholder === undefined ? '' : ` ${placeholder}`}`,
    description,
  ]);
}

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
