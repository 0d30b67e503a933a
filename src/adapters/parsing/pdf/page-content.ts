import { type EdgeLine, edgeLines } from '../layout/furniture.ts';
import { type PositionedPage, ruleOf } from '../layout/page.ts';
import { readTextLayer } from './glyphs.ts';
import { type Graphics, readGraphics } from './graphics.ts';
import { splitByOrientation } from './orientation.ts';
import { readPageSpace } from './page-space.ts';
import type { Pdfium, Pointer } from './pdfium.ts';
import { wordsOf } from './words.ts';

/** What was read from one page of a PDF. */
export interface PageContent {
  /** The page as its text stands upright; text in other directions makes pages of its own, after the main one. */
  layers: PositionedPage[];
  edges: EdgeLine[];
  /** Size as shown, in points. */
  width: number;
  height: number;
  characters: number;
  unmapped: number;
  graphics: Omit<Graphics, 'rules'>;
}

const widget = 20;
const freeText = 3;

/** Form fields and typed comments are drawn beside the page; this draws them into it, so that their text is read. */
function flattenFields({ exports }: Pdfium, page: Pointer): boolean {
  const count = exports.FPDFPage_GetAnnotCount(page);
  for (let index = 0; index < count; index += 1) {
    const annotation = exports.FPDFPage_GetAnnot(page, index);
    const type = exports.FPDFAnnot_GetSubtype(annotation);
    exports.FPDFPage_CloseAnnot(annotation);
    if (type === widget || type === freeText) return exports.FPDFPage_Flatten(page, 0) === 1;
  }
  return false;
}

/** Loads a page, calls `use`, and gives its memory back whatever happens. Null when the page cannot be loaded. */
export function withPage<T>(pdfium: Pdfium, document: Pointer, index: number, use: (page: Pointer) => T): T | null {
  const { exports } = pdfium;
  let page = exports.FPDF_LoadPage(document, index);
  if (page === 0) return null;
  try {
    if (flattenFields(pdfium, page)) {
      exports.FPDF_ClosePage(page);
      page = exports.FPDF_LoadPage(document, index);
    }
    return page === 0 ? null : use(page);
  } finally {
    if (page !== 0) exports.FPDF_ClosePage(page);
  }
}

export function readPage(pdfium: Pdfium, page: Pointer): PageContent {
  const { exports } = pdfium;
  const space = readPageSpace(pdfium, page);
  const text = exports.FPDFText_LoadPage(page);
  try {
    const layer = readTextLayer(pdfium, text, space);
    const graphics = readGraphics(pdfium, page, space);
    const layers = splitByOrientation(layer.glyphs, space).map(({ width, height, glyphs, moveBox }, index) => {
      // Lines belong to the text that most of the page is made of.
      const rules = index === 0 ? graphics.rules.map(moveBox).map(ruleOf) : [];
      return { width, height, words: wordsOf(glyphs), rules, aside: index > 0 };
    });
    const [main] = layers;
    return {
      layers,
      edges: main === undefined ? [] : edgeLines(main),
      width: space.width,
      height: space.height,
      characters: layer.characters,
      unmapped: layer.unmapped,
      graphics,
    };
  } finally {
    exports.FPDFText_ClosePage(text);
  }
}
