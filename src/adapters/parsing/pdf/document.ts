import { assertThat, GatewayError } from '../../../core/errors.ts';
import { contextOf, type DocumentContext } from '../layout/document-layout.ts';
import { type EdgeLine, furnitureOf, type Neighbour, withoutWords } from '../layout/furniture.ts';
import type { PositionedPage } from '../layout/page.ts';
import type { GreyImage } from '../ocr/grey-image.ts';
import { type FileAccess, openFileAccess } from './file-access.ts';
import { type PageContent, readPage, withPage } from './page-content.ts';
import type { Pdfium, Pointer } from './pdfium.ts';
import { renderPage } from './render.ts';

const passwordError = 4;
const securityError = 5;

/** Pages on either side that are asked whether a head or foot recurs. */
const neighbourhood = 4;
/** Pages from which the style of a document is learned, evenly spread. */
const samplePages = 8;
/** A page that was read as the neighbour of another is kept for its own turn, as long as this many words are kept. */
const keptWords = 20_000;

function refuse(error: number): GatewayError {
  if (error === passwordError) {
    return new GatewayError(
      'unprocessable_document',
      'The PDF is encrypted and needs a password; send it without one.',
    );
  }
  if (error === securityError) {
    return new GatewayError('unprocessable_document', 'The PDF is encrypted in a way that cannot be read.');
  }
  return new GatewayError(
    'unprocessable_document',
    'The file is not a PDF that can be read: its structure is broken.',
    {
      cause: new Error(`PDFium error ${error}`),
    },
  );
}

/** A PDF that is open. Its pages are read when asked for; what is kept of them is bounded by count and size. */
export class PdfDocument {
  readonly pageCount: number;
  readonly #pdfium: Pdfium;
  readonly #file: FileAccess;
  readonly #document: Pointer;
  readonly #contents = new Map<number, PageContent>();
  readonly #edges = new Map<number, readonly EdgeLine[]>();
  #context: DocumentContext | null = null;

  constructor(pdfium: Pdfium, path: string) {
    this.#pdfium = pdfium;
    this.#file = openFileAccess(pdfium, path);
    this.#document = pdfium.exports.FPDF_LoadCustomDocument(this.#file.address, 0);
    this.pageCount = this.#document === 0 ? 0 : pdfium.exports.FPDF_GetPageCount(this.#document);
    if (this.#document !== 0 && this.pageCount > 0) return;
    const error = refuse(this.#document === 0 ? pdfium.exports.FPDF_GetLastError() : 0);
    this.close();
    throw error;
  }

  /** The page at `index`, counted from 0; null of a page that is missing or broken. */
  #read(index: number): PageContent | null {
    const known = this.#contents.get(index);
    if (known !== undefined) return known;
    const content = withPage(this.#pdfium, this.#document, index, (page) => readPage(this.#pdfium, page));
    if (content !== null) this.#keep(index, content);
    this.#edges.set(index, content?.edges ?? []);
    return content;
  }

  content(index: number): PageContent {
    const content = this.#read(index);
    if (content !== null) return content;
    throw new GatewayError('unprocessable_document', `Page ${index + 1} of the PDF is missing or broken.`);
  }

  #keep(index: number, content: PageContent): void {
    this.#contents.set(index, content);
    let words = 0;
    for (const [kept, { layers }] of [...this.#contents].reverse()) {
      words += layers.reduce((sum, layer) => sum + layer.words.length, 0);
      if (kept !== index && words > keptWords) this.#contents.delete(kept);
    }
  }

  #edgesOf(index: number): readonly EdgeLine[] {
    return this.#edges.get(index) ?? this.#read(index)?.edges ?? [];
  }

  /** The layers of a page without running heads, running feet and page numbers. */
  layers(index: number): PositionedPage[] {
    const content = this.content(index);
    const first = Math.max(0, index - neighbourhood);
    const last = Math.min(this.pageCount - 1, index + neighbourhood);
    const neighbours: Neighbour[] = [];
    for (let other = first; other <= last; other += 1) {
      if (other !== index) neighbours.push({ offset: other - index, lines: this.#edgesOf(other) });
    }
    const furniture = furnitureOf(content.edges, neighbours);
    return content.layers.map((layer) => withoutWords(layer, furniture));
  }

  /** Learned from the same pages whichever page is asked for, so that a page reads the same in every range. */
  get context(): DocumentContext {
    if (this.#context !== null) return this.#context;
    const count = Math.min(samplePages, this.pageCount);
    const indexes = Array.from({ length: count }, (_, sample) => Math.floor((sample * this.pageCount) / count));
    this.#context = contextOf(indexes.flatMap((index) => this.#read(index)?.layers.slice(0, 1) ?? []));
    return this.#context;
  }

  render(index: number, maxPixels: number): GreyImage | null {
    const { width, height, graphics } = this.content(index);
    const { imagePixels, imageResolution } = graphics;
    const message = `Page ${index + 1} of the PDF holds a picture of ${imagePixels} pixels; at most ${maxPixels} are read.`;
    assertThat(imagePixels <= maxPixels, 'document_too_large', message);
    const drawing = { width, height, imageResolution };
    return withPage(this.#pdfium, this.#document, index, (page) => renderPage(this.#pdfium, page, drawing, maxPixels));
  }

  close(): void {
    if (this.#document !== 0) this.#pdfium.exports.FPDF_CloseDocument(this.#document);
    this.#file.close();
  }
}
