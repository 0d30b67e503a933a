import { availableParallelism } from 'node:os';
import type { DocumentParser, DocumentPart, ExtractOptions, Inspection, PartRange } from '../../core/document.ts';
import { GatewayError } from '../../core/errors.ts';
import type { FileHint, Task } from './host/messages.ts';
import { ProcessCrash } from './host/parser-process.ts';
import { ProcessPool } from './host/process-pool.ts';
import { sandboxCommand } from './host/sandbox.ts';
import { defaultParsingLimits, type ParsingLimits } from './limits.ts';

export interface DocumentParserSettings {
  limits: ParsingLimits;
  /** The only folders outside the project that a child can read: those the documents lie in. They must exist. */
  readableFolders: readonly string[];
  /** Files read at once, each in a child process of its own. */
  processes: number;
  /** A child that had nothing to do for this long is ended. */
  idleTimeoutMs: number;
  /** A child is replaced after this many tasks. */
  tasksPerProcess: number;
}

export const defaultDocumentParserSettings: Omit<DocumentParserSettings, 'readableFolders'> = {
  limits: defaultParsingLimits,
  processes: availableParallelism(),
  idleTimeoutMs: 60_000,
  tasksPerProcess: 200,
};

/** A parser that also says which processes work for it, for operators and tests. */
export interface HostedDocumentParser extends DocumentParser {
  readonly processIds: readonly number[];
}

/**
 * Reads foreign files in sandboxed child processes. A child that needs too much time or memory, or whose caller
 * aborts, is killed; one that crashes is replaced once, from the part it died on.
 */
export function createDocumentParser(settings: DocumentParserSettings): HostedDocumentParser {
  const { limits, readableFolders, ...rest } = settings;
  // The rest of the memory is for what lives outside the JavaScript heap: wasm, buffers, bitmaps.
  const pool = new ProcessPool({ ...rest, maxIdleBytes: limits.maxMemoryBytes / 2 }, () =>
    sandboxCommand(readableFolders, limits.maxMemoryBytes * 0.75),
  );

  async function* run(task: Task, signal: AbortSignal) {
    const process = await pool.acquire(signal);
    try {
      yield* process.run(task, signal);
    } finally {
      await pool.release(process);
    }
  }

  async function inspectOnce(path: string, hint: FileHint, signal: AbortSignal): Promise<Inspection> {
    for await (const reply of run({ kind: 'inspect', path, hint, limits }, signal)) {
      if (reply.kind === 'inspected') return reply.inspection;
    }
    throw new ProcessCrash('the parser ended an inspection without a result');
  }

  return {
    get processIds() {
      return pool.processIds;
    },

    async inspect(path, hint, signal) {
      try {
        return await inspectOnce(path, hint, signal);
      } catch (error) {
        if (!(error instanceof ProcessCrash)) throw error;
        return await inspectOnce(path, hint, signal).catch(unreadable);
      }
    },

    async *extract(path, inspection, range, options, signal) {
      const parts = (from: number) => extractFrom(path, inspection, { from, to: range.to }, options, signal);
      let next = range.from;
      try {
        for await (const part of parts(next)) {
          next = part.number + 1;
          yield part;
        }
      } catch (error) {
        if (!(error instanceof ProcessCrash)) throw error;
        yield* mapped(parts(next), unreadable);
      }
    },

    close: () => pool.close(),
  };

  async function* extractFrom(
    path: string,
    { type }: Inspection,
    range: PartRange,
    options: ExtractOptions,
    signal: AbortSignal,
  ): AsyncGenerator<DocumentPart> {
    for await (const reply of run({ kind: 'extract', path, type, range, options, limits }, signal)) {
      if (reply.kind === 'part') yield reply.part;
    }
  }
}

async function* mapped<Item>(items: AsyncIterable<Item>, onError: (error: unknown) => never): AsyncGenerator<Item> {
  try {
    yield* items;
  } catch (error) {
    onError(error);
  }
}

/** Two children died on the same file. */
function unreadable(error: unknown): never {
  if (!(error instanceof ProcessCrash)) throw error;
  throw new GatewayError('unprocessable_document', 'The file makes its parser fail; it may be damaged.', {
    cause: error,
  });
}
