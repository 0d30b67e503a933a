/**
 * Entry of the parser child process: runs one task at a time for the parent that started it. It is sandboxed (see
 * host/sandbox.ts), watches nothing itself, and is killed rather than asked to stop.
 */
import { stat } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import type { DocumentPart, DocumentType, Inspection } from '../../core/document.ts';
import { GatewayError, storeError } from '../../core/errors.ts';
import { documentTypes } from './document-types.ts';
import type { LastReply, Reply, Request, Task } from './host/messages.ts';
import type { ParsingLimits } from './limits.ts';
import { readers } from './readers.ts';
import { sniff } from './sniff.ts';

let deliver: (() => void) | undefined;

process.on('message', (request: Request) => {
  if (request.kind === 'next') deliver?.();
  else void run(request.task).then(send);
});
process.once('disconnect', () => process.exit());

const watchdog = new Worker(new URL('host/watchdog.ts', import.meta.url), { workerData: process.ppid });
watchdog.once('online', () => send({ kind: 'ready' }));

async function run(task: Task): Promise<LastReply> {
  try {
    await requireFile(task.path);
    if (task.kind === 'inspect') return { kind: 'inspected', inspection: await inspect(task) };
    await extract(task).catch(unreadableAs(task.type));
    return { kind: 'extracted' };
  } catch (error) {
    const failure = error instanceof GatewayError ? error : unreadable('', error);
    return { kind: 'failed', error: storeError(failure), detail: describe(failure.cause ?? failure) };
  }
}

async function inspect({ path, hint, limits }: Extract<Task, { kind: 'inspect' }>): Promise<Inspection> {
  const found = await sniff(path, hint, limits);
  const reader = await readers[found.type]();
  const count = await reader.inspect(path, limits).catch(unreadableAs(found.type));
  return { ...found, ...count };
}

async function extract({ path, type, range, options, limits }: Extract<Task, { kind: 'extract' }>): Promise<void> {
  const reader = await readers[type]();
  for await (const part of reader.extract(path, range, options, limits)) {
    requireSize(part, limits);
    const { promise, resolve } = Promise.withResolvers<void>();
    deliver = resolve;
    send({ kind: 'part', part });
    await promise;
  }
}

/** A file that is not there is our fault, an empty one the caller's. */
async function requireFile(path: string): Promise<void> {
  const { size } = await stat(path).catch((cause) => {
    throw new GatewayError('internal_error', 'The stored file could not be opened.', { cause });
  });
  if (size === 0) throw new GatewayError('unprocessable_document', 'The file is empty.');
}

function requireSize({ number, blocks }: DocumentPart, { maxPartBytes }: ParsingLimits): void {
  const bytes = blocks.reduce((sum, { markdown }) => sum + Buffer.byteLength(markdown), 0);
  if (bytes <= maxPartBytes) return;
  throw new GatewayError(
    'document_too_large',
    `Part ${number} of the file holds ${bytes} bytes of text; at most ${maxPartBytes} are read from one part.`,
  );
}

/** What a reader throws without a sentence for the caller gets one that names the format. */
function unreadableAs(type: DocumentType): (error: unknown) => never {
  return (error) => {
    throw error instanceof GatewayError ? error : unreadable(` as ${documentTypes[type].name}`, error);
  };
}

function unreadable(as: string, cause: unknown): GatewayError {
  return new GatewayError('unprocessable_document', `The file could not be read${as}; it may be damaged.`, { cause });
}

function describe(cause: unknown): string {
  return cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
}

function send(reply: Reply): void {
  process.send?.(reply);
}
