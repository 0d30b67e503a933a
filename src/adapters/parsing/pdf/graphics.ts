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

function resolutionOf({ exports, view, scratch }: Pdfium, image: Pointer, box: Box): number {
  if (exports.FPDFImageObj_GetImagePixelSize(image, scratch, scratch + 4) === 0) return 0;
  const [across, along] = [view().getUint32(scratch, true), view().getUint32(scratch + 4, true)];
  return (Math.sqrt(across * along) / Math.sqrt(Math.max(1, widthOf(box) * heightOf(box)))) * pointsPerInch;
}

/** Walks the objects of a page and of the forms within it. */
export function readGraphics(pdfium: Pdfium, page: Pointer, space: PageSpace): Graphics {
  const { exports } = pdfium;
  const rules: Rule[] = [];
  let imageArea = 0;
  let largest = { area: 0, resolution: 0 };
  let any = false;
  let seen = 0;
  const visit = (object: Pointer, outer: Matrix, depth: number): void => {
    seen += 1;
    const type = exports.FPDFPageObj_GetType(object);
    if (type === pathType) rules.push(...linesOf(pdfium, object, outer, space));
    if (type === imageType) {
      const box = boundsOf(pdfium, object, outer, space);
      const shownWidth = Math.max(0, overlap(box.left, box.right, 0, space.width));
      const area = shownWidth * Math.max(0, overlap(box.top, box.bottom, 0, space.height));
      imageArea += area;
      if (area > largest.area) largest = { area, resolution: resolutionOf(pdfium, object, box) };
    }
    if (type === pathType || type === imageType || type === shadingType) any = true;
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
  const onPage = (rule: Rule) =>
    rule.left <= space.width && rule.right >= 0 && rule.top <= space.height && rule.bottom >= 0;
  return {
    rules: seen < maxObjects ? rules.filter((rule) => onPage(rule) && widthOf(rule) + heightOf(rule) > 0) : [],
    imageShare: Math.min(1, imageArea / Math.max(1, space.width * space.height)),
    imageResolution: largest.resolution,
    any,
  };
}
