import { type Box, heightOf, unite, widthOf } from '../layout/geometry.ts';
import { type Rule, ruleOf } from '../layout/page.ts';
import { applyMatrix, type Matrix, readMatrix } from './matrix.ts';
import { type PageSpace, toBox } from './page-space.ts';
import type { Pdfium, Pointer } from './pdfium.ts';

const lineTo = 0;
const moveTo = 2;
/** Points. A line thicker than this is a bar; one shorter is a tick or part of a letter. */
const maxThickness = 3;
const minLength = 6;
/** A path of more pieces than this is a drawing. */
const maxSegments = 400;

const ruleFrom = (box: Box): Rule | null => {
  const [width, height] = [widthOf(box), heightOf(box)];
  if (Math.min(width, height) > maxThickness || Math.max(width, height) < minLength) return null;
  return ruleOf(box);
};

/** The straight lines of one path that run along the page: strokes, edges of stroked rectangles, thin filled bars. */
export function linesOf(pdfium: Pdfium, path: Pointer, outer: Matrix, space: PageSpace): Rule[] {
  const { exports, scratch } = pdfium;
  const count = exports.FPDFPath_CountSegments(path);
  if (count < 2 || count > maxSegments) return [];
  exports.FPDFPath_GetDrawMode(path, scratch, scratch + 4);
  const filled = pdfium.view().getInt32(scratch, true) !== 0;
  const stroked = pdfium.view().getInt32(scratch + 4, true) !== 0;
  const own = readMatrix(pdfium, path);
  const edges: Box[] = [];
  let straight = true;
  let previous: readonly [number, number] | null = null;
  let start: readonly [number, number] | null = null;
  for (let index = 0; index < count; index += 1) {
    const segment = exports.FPDFPath_GetPathSegment(path, index);
    const type = exports.FPDFPathSegment_GetType(segment);
    exports.FPDFPathSegment_GetPoint(segment, scratch, scratch + 4);
    const view = pdfium.view();
    const inner = applyMatrix(own, view.getFloat32(scratch, true), view.getFloat32(scratch + 4, true));
    const point = applyMatrix(outer, ...inner);
    if (type === moveTo) start = point;
    else if (type !== lineTo) straight = false;
    else if (previous !== null) edges.push(toBox(space, ...previous, ...point));
    previous = point;
  }
  if (!straight || edges.length === 0) return [];
  const closed = filled || exports.FPDFPathSegment_GetClose(exports.FPDFPath_GetPathSegment(path, count - 1)) === 1;
  if (closed && start !== null && previous !== null) edges.push(toBox(space, ...previous, ...start));
  const whole = unite(edges);
  const bar = ruleFrom(whole);
  if (bar !== null) return [bar];
  if (!stroked || (filled && edges.length > 6)) return [];
  return edges.map(ruleFrom).filter((rule) => rule !== null);
}
