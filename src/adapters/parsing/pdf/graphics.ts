import { type Box, heightOf, overlap, widthOf } from '../layout/geometry.ts';
import type { Rule } from '../layout/page.ts';
import { applyMatrix, identity, type Matrix, multiply, readMatrix } from './matrix.ts';
import { type PageSpace, toBox } from './page-space.ts';
import { linesOf } from './path.ts';
import type { Pdfium, Pointer } from './pdfium.ts';

/** What is drawn on a page besides text. */
export interface Graphics {
  rules: Rule[];
  /** Share of the page that pictures cover, 0 to 1; overlaps count once for each picture, up to 1. */
  imageShare: number;
  /** Resolution of the largest picture, in dots per inch as shown; 0 without one. */
  imageResolution: number;
  /** Pixels of the picture that has most of them. */
  imagePixels: number;
  /** Something is drawn that is not text. */
  any: boolean;
}

const pathType = 2;
const imageType = 3;
const shadingType = 4;
const formType = 5;
/** A page that draws more than this is a picture in vectors; its lines are no tables. */
const maxObjects = 20_000;
const maxDepth = 8;
const pointsPerInch = 72;

function boundsOf({ exports, view, scratch }: Pdfium, object: Pointer, outer: Matrix, space: PageSpace): Box {
  exports.FPDFPageObj_GetBounds(object, scratch, scratch + 4, scratch + 8, scratch + 12);
  const at = (offset: number) => view().getFloat32(scratch + offset, true);
  const [x1, y1] = applyMatrix(outer, at(0), at(4));
  const [x2, y2] = applyMatrix(outer, at(8), at(12));
  return toBox(space, x1, y1, x2, y2);
}

interface Picture {
  /** Area of the page that it covers, in square points. */
  area: number;
  pixels: number;
  dotsPerInch: number;
}

function readPicture(pdfium: Pdfium, image: Pointer, outer: Matrix, space: PageSpace): Picture {
  const { exports, view, scratch } = pdfium;
  const box = boundsOf(pdfium, image, outer, space);
  const shownWidth = Math.max(0, overlap(box.left, box.right, 0, space.width));
  const shownHeight = Math.max(0, overlap(box.top, box.bottom, 0, space.height));
  const known = exports.FPDFImageObj_GetImagePixelSize(image, scratch, scratch + 4) !== 0;
  const pixels = known ? view().getUint32(scratch, true) * view().getUint32(scratch + 4, true) : 0;
  const dotsPerPoint = Math.sqrt(pixels / Math.max(1, widthOf(box) * heightOf(box)));
  return { area: shownWidth * shownHeight, pixels, dotsPerInch: dotsPerPoint * pointsPerInch };
}

type Use = (object: Pointer, type: number, outer: Matrix) => void;

/** Calls `use` for every object of a page and of the forms within it, up to a bound; says whether all were seen. */
function walk(pdfium: Pdfium, page: Pointer, use: Use): boolean {
  const { exports } = pdfium;
  let seen = 0;
  const visit = (object: Pointer, outer: Matrix, depth: number): void => {
    seen += 1;
    const type = exports.FPDFPageObj_GetType(object);
    use(object, type, outer);
    if (type !== formType || depth >= maxDepth) return;
    const inner = multiply(readMatrix(pdfium, object), outer);
    const count = exports.FPDFFormObj_CountObjects(object);
    for (let index = 0; index < count && seen < maxObjects; index += 1) {
      visit(exports.FPDFFormObj_GetObject(object, index), inner, depth + 1);
    }
  };
  const count = exports.FPDFPage_CountObjects(page);
  for (let index = 0; index < count && seen < maxObjects; index += 1) {
    visit(exports.FPDFPage_GetObject(page, index), identity, 0);
  }
  return seen < maxObjects;
}

const isOnPage = (rule: Rule, { width, height }: PageSpace): boolean =>
  rule.left <= width && rule.right >= 0 && rule.top <= height && rule.bottom >= 0;

export function readGraphics(pdfium: Pdfium, page: Pointer, space: PageSpace): Graphics {
  const rules: Rule[] = [];
  const pictures: Picture[] = [];
  let any = false;
  const whole = walk(pdfium, page, (object, type, outer) => {
    if (type === pathType) rules.push(...linesOf(pdfium, object, outer, space));
    if (type === imageType) pictures.push(readPicture(pdfium, object, outer, space));
    if (type === pathType || type === imageType || type === shadingType) any = true;
  });
  const covered = pictures.reduce((sum, { area }) => sum + area, 0);
  const largest = pictures.reduce((best, next) => (next.area > best.area ? next : best), {
    area: 0,
    pixels: 0,
    dotsPerInch: 0,
  });
  return {
    rules: whole ? rules.filter((rule) => isOnPage(rule, space)) : [],
    imageShare: Math.min(1, covered / Math.max(1, space.width * space.height)),
    imageResolution: largest.dotsPerInch,
    imagePixels: pictures.reduce((most, { pixels }) => Math.max(most, pixels), 0),
    any,
  };
}
