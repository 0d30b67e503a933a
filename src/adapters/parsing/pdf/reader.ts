import { statSync } from 'node:fs';
import type { Block, DocumentPart, ExtractOptions, PartRange } from '../../../core/document.ts';
import { assertThat, GatewayError } from '../../../core/errors.ts';
import type { FormatReader } from '../format.ts';
import { blocksOfPage } from '../layout/document-layout.ts';
import type { ParsingLimits } from '../limits.ts';
import { recogniseBlocks } from '../ocr/recognise.ts';
import { PdfDocument } from './document.ts';
import { needsRecognition } from './gate.ts';
import { type Pdfium, startPdfium } from './pdfium.ts';

interface OpenDocument {
  /** Path, size and time of change: the same file as before. */
  key: string;
  document: PdfDocument;
}

let instance: Pdfium | null = null;
let open: OpenDocument | null = null;

function forget(): void {
  open?.document.close();
  open = null;
}

/**
 * Runs what calls into PDFium. A trap in it (no more memory, recursion without end) leaves the instance unusable: it is
 * dropped, and the file is to blame.
 */
async function withDocument<T>(path: string, limits: ParsingLimits, use: (document: PdfDocument) => T): Promise<T> {
  const { size, mtimeMs } = statSync(path);
  const key = `${path} ${size} ${mtimeMs}`;
  instance ??= await startPdfium(limits.maxMemoryBytes / 2);
  try {
    if (open?.key !== key) {
      forget();
      open = { key, document: new PdfDocument(instance, path) };
    }
    return use(open.document);
  } catch (thrown) {
    if (!(thrown instanceof WebAssembly.RuntimeError || thrown instanceof RangeError)) throw thrown;
    instance = null;
    open = null;
    const message = 'The PDF could not be read: it asks for more memory or deeper nesting than is allowed.';
    throw new GatewayError('unprocessable_document', message, { cause: thrown });
  }
}

function checkPages({ pageCount }: PdfDocument, { maxPages }: ParsingLimits): void {
  const message = `The PDF has ${pageCount} pages; at most ${maxPages} are read.`;
  assertThat(pageCount <= maxPages, 'document_too_large', message);
}

async function readBlocks(
  path: string,
  index: number,
  options: ExtractOptions,
  limits: ParsingLimits,
): Promise<Block[]> {
  const image = await withDocument(path, limits, (document) => {
    const content = document.content(index);
    const wanted = options.forceOcr || needsRecognition(content);
    return wanted ? document.render(index, limits.maxPixels) : null;
  });
  if (image !== null) {
    const recognised = await recogniseBlocks(image, options.languages);
    if (recognised.length > 0) return recognised;
  }
  return withDocument(path, limits, (document) =>
    document.layers(index).flatMap((layer) => blocksOfPage(layer, document.context, 'text')),
  );
}

/** Reads PDF: one part per page, from the text layer where that is usable and from the pixels where it is not. */
export const pdfReader: FormatReader = {
  async inspect(path, limits) {
    return withDocument(path, limits, (document) => {
      checkPages(document, limits);
      return { parts: document.pageCount, unit: 'page' };
    });
  },

  async *extract(path: string, range: PartRange, options: ExtractOptions, limits: ParsingLimits) {
    const pageCount = await withDocument(path, limits, (document) => {
      checkPages(document, limits);
      return document.pageCount;
    });
    for (let number = range.from; number <= Math.min(range.to, pageCount); number += 1) {
      const blocks = await readBlocks(path, number - 1, options, limits);
      yield { number, label: null, blocks } satisfies DocumentPart;
    }
  },
};
