import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { usageError } from '../cli-error.ts';

/** The body of a call: JSON as it is, `@FILE`, or `@-` for standard input. Without one it is empty. */
export async function readBody(given: string | undefined): Promise<Record<string, unknown>> {
  const source = given === undefined ? '{}' : await read(given);
  const body = parse(source);
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>;
  throw usageError(`--body wants a JSON object, got ${source.slice(0, 60)}`);
}

async function read(given: string): Promise<string> {
  if (!given.startsWith('@')) return given;
  if (given === '@-') return text(process.stdin);
  return readFile(given.slice(1), 'utf8').catch((cause: Error) => {
    throw usageError(`--body cannot be read: ${cause.message}.`);
  });
}

function parse(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch (error) {
    throw usageError(`--body is no JSON: ${(error as Error).message}.`);
  }
}
