import { availableParallelism } from 'node:os';
import { assertThat } from '../../core/errors.ts';
import { createLimiter } from '../../core/limiter.ts';
import { splitterOptions } from '../../core/splitter/options.ts';
import type { SplitterSettings } from '../../core/splitter/settings.ts';
import { type Span, splitText } from '../../core/splitter/split.ts';
import { SplitThread } from './text-splitter/split-thread.ts';
import { createExpressionCompiler } from './user-regex.ts';

/** What splitting may cost. */
export interface TextSplitterLimits {
  /** At once, for all documents together; who needs one more waits. */
  maxThreads: number;
  /** Wall clock of all texts of a document together: this much at first, and more for every MiB of text. */
  baseTimeoutMs: number;
  timeoutPerMebibyteMs: number;
  /** UTF-16 units of one text. */
  maxTextLength: number;
  /** Spans of one text. */
  maxSpans: number;
  /**
   * Heap of a thread. V8 may end the whole process, not the thread, when one large array does not fit; so this must be
   * more than the other limits let a text need, and is there for what nobody thought of.
   */
  maxMemoryBytes: number;
}

const mebibyte = 1024 * 1024;

/** Measured: a text of the greatest length needs up to 750 MB, and with our own separators 0.1 to 0.4 s per MiB. */
export const defaultTextSplitterLimits: TextSplitterLimits = {
  maxThreads: availableParallelism(),
  baseTimeoutMs: 10_000,
  timeoutPerMebibyteMs: 10_000,
  maxTextLength: 24 * mebibyte,
  maxSpans: 500_000,
  maxMemoryBytes: 1024 * mebibyte,
};

export interface TextSplitter {
  /**
   * Prepares for one document. Rejects as `splitterOptions` throws, or as `split` does when the separators alone take
   * too long. Close what it answers.
   */
  open(settings: SplitterSettings, signal: AbortSignal): Promise<DocumentSplitter>;
}

/** Splits the texts of one document, one at a time. After a rejection only `close` is left to call. */
export interface DocumentSplitter {
  /**
   * The spans of `splitText`. Rejects with `invalid_request` when it takes too long, with `document_too_large` when the
   * text or the number of its spans is, and with the signal's reason.
   */
  split(text: string, signal: AbortSignal): Promise<Iterable<Span>>;
  close(): Promise<void>;
}

/** Up to this length a text with separators of our own is split in less time than a thread needs to start. */
const maxInlineLength = 64 * 1024;

const compileExpression = createExpressionCompiler();

/**
 * Splits texts without holding the event loop. Separators that a caller wrote run in a thread, which is ended when its
 * time is up: one search of an expression cannot be interrupted otherwise, and even a literal can be made such that
 * looking for it takes a second per MiB.
 */
export function createTextSplitter(limits: TextSplitterLimits): TextSplitter {
  const inTurn = createLimiter(limits.maxThreads);

  /** The turn lasts as long as the thread. Who leaves the line is not waited for, and starts none. */
  async function startThread(settings: SplitterSettings, signal: AbortSignal): Promise<SplitThread> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<SplitThread>();
    const leave = () => reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    inTurn(async () => {
      signal.throwIfAborted();
      const thread = await SplitThread.start(settings, limits, signal);
      resolve(thread);
      await thread.ended;
    }).catch(reject);
    try {
      return await promise;
    } finally {
      signal.removeEventListener('abort', leave);
    }
  }

  return {
    async open(settings, signal) {
      const own = hasOwnSeparators(settings);
      // Compiling a caller's expressions can take seconds; everything else is checked in no time.
      const options = own && settings.isSeparatorRegex ? null : splitterOptions(settings, compileExpression);
      let thread = options === null ? await startThread(settings, signal) : null;
      return {
        async split(text, signal) {
          signal.throwIfAborted();
          requireLength(text, limits);
          const isQuick = !own && text.length <= maxInlineLength;
          if (options !== null && isQuick) return splitText(text, options, limits.maxSpans);
          thread ??= await startThread(settings, signal);
          return thread.split(text, signal);
        },

        async close() {
          await thread?.end();
        },
      };
    },
  };
}

function hasOwnSeparators({ disableChunking, separators }: SplitterSettings): boolean {
  return !disableChunking && separators.length > 0;
}

function requireLength(text: string, { maxTextLength }: TextSplitterLimits): void {
  assertThat(
    text.length <= maxTextLength,
    'document_too_large',
    `A part of the document has ${text.length} characters; at most ${maxTextLength} can be split at once.`,
  );
}
