import type { DocumentPart, ExtractOptions, Inspection, PartRange } from '../../core/document.ts';
import type { ParsingLimits } from './limits.ts';

/**
 * Reads one format. Runs in a sandboxed child process that has no network, cannot write files and reads one file at a
 * time, so a reader may keep state between calls (a loaded wasm module) and need not watch time, memory or an abort
 * signal: the parent kills the process. The type of the file is already known from its bytes.
 *
 * Throws `GatewayError` (`unprocessable_document`, `document_too_large`) with a sentence for the caller where it can
 * say what is wrong. Anything else it throws reaches the caller as "could not be read as <type>", the rest as `cause`.
 */
export interface FormatReader {
  /** Counts what `extract` would yield, at least 1, as cheaply as the format permits; refuses what is over a limit. */
  inspect(path: string, limits: ParsingLimits): Promise<PartCount>;
  /** Yields the parts of `range` in order, each as soon as it is read; the next is asked for when one is delivered. */
  extract(path: string, range: PartRange, options: ExtractOptions, limits: ParsingLimits): AsyncIterable<DocumentPart>;
}

export type PartCount = Pick<Inspection, 'parts' | 'unit'>;
