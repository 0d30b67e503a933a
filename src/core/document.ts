/**
 * The block model that every parser produces and that Markdown, chunks and citations are made of.
 * A file is a sequence of parts (pages, sheets, slides, or slices of a long text); a part is a sequence of blocks.
 */

export type DocumentType =
  | 'pdf'
  | 'image'
  | 'docx'
  | 'pptx'
  | 'xlsx'
  | 'odt'
  | 'epub'
  | 'html'
  | 'markdown'
  | 'text'
  | 'csv'
  | 'eml';

/** How a block's text was obtained: read from the file, recognised from pixels, or returned by a model vendor. */
export type ExtractionMethod = 'text' | 'ocr' | 'provider';

export type BlockType = 'heading' | 'paragraph' | 'list' | 'table' | 'code' | 'quote';

export interface Block {
  type: BlockType;
  /** The block as GitHub-flavoured Markdown, without blank lines around it. Never empty. */
  markdown: string;
  method: ExtractionMethod;
  /** Mean word confidence of recognised text, 0 to 1; null when the text was read, not recognised. */
  confidence: number | null;
}

/** One part of a file. `number` counts from 1; `blocks` are in reading order and may be empty (a blank page). */
export interface DocumentPart {
  number: number;
  /** What the source calls the part, e.g. a sheet or slide name. */
  label: string | null;
  blocks: Block[];
}

/** What is known of a file before any of it is extracted. */
export interface Inspection {
  type: DocumentType;
  /** The media type of what was found in the bytes, whatever the name said. */
  mediaType: string;
  /** How many parts `extract` will yield in all; at least 1. */
  parts: number;
  /** What one part is, for progress messages. */
  unit: 'page' | 'sheet' | 'slide' | 'part';
}

/** Parts `from` to `to`, both counted from 1 and included. */
export interface PartRange {
  from: number;
  to: number;
}

export interface ExtractOptions {
  /** Recognise every page of a PDF from its pixels, even where it has a usable text layer. */
  forceOcr: boolean;
  /** Tesseract language codes, best first, e.g. `['eng']`. */
  languages: readonly string[];
}

/**
 * Reads one foreign file. Faults of the file are a `GatewayError` with code `unprocessable_document`,
 * `unsupported_media_type` or `document_too_large`; an exhausted time or memory limit is `unprocessable_document` too.
 */
export interface DocumentParser {
  inspect(path: string, hint: { name: string; mediaType: string | null }, signal: AbortSignal): Promise<Inspection>;
  /** Yields the parts of `range` in order, each as soon as it is read. */
  extract(
    path: string,
    inspection: Inspection,
    range: PartRange,
    options: ExtractOptions,
    signal: AbortSignal,
  ): AsyncIterable<DocumentPart>;
  close(): Promise<void>;
}
