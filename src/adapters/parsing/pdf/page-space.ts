import type { Box } from '../layout/geometry.ts';
import type { Pdfium, Pointer } from './pdfium.ts';

/**
 * From a page's own coordinates (y upwards, before `/Rotate`) to what a reader sees: origin at the top left of the
 * visible part, y downwards, in points.
 */
export interface PageSpace {
  width: number;
  height: number;
  /** Quarter turns, clockwise, by which the page is shown. */
  quarterTurns: number;
  toX(x: number, y: number): number;
  toY(x: number, y: number): number;
}

function spaceOf(visible: Box, quarterTurns: number): PageSpace {
  const { left, top, right, bottom } = visible;
  const across = right - left;
  const along = top - bottom;
  const maps = [
    { toX: (x: number, _y: number) => x - left, toY: (_x: number, y: number) => top - y },
    { toX: (_x: number, y: number) => y - bottom, toY: (x: number, _y: number) => x - left },
    { toX: (x: number, _y: number) => right - x, toY: (_x: number, y: number) => y - bottom },
    { toX: (_x: number, y: number) => top - y, toY: (x: number, _y: number) => right - x },
  ] as const;
  const map = maps[quarterTurns % 4] ?? maps[0];
  const turned = quarterTurns % 2 === 1;
  return { width: turned ? along : across, height: turned ? across : along, quarterTurns, ...map };
}

export function readPageSpace(pdfium: Pdfium, page: Pointer): PageSpace {
  const { exports, scratch } = pdfium;
  exports.FPDF_GetPageBoundingBox(page, scratch);
  const view = pdfium.view();
  const [left, top, right, bottom] = [0, 4, 8, 12].map((offset) => view.getFloat32(scratch + offset, true));
  const box = { left: left ?? 0, top: top ?? 0, right: right ?? 0, bottom: bottom ?? 0 };
  return spaceOf(box, exports.FPDFPage_GetRotation(page));
}

/** A rectangle of page coordinates, in any orientation, as a box of what is seen. */
export function toBox(space: PageSpace, x1: number, y1: number, x2: number, y2: number): Box {
  const [xa, xb] = [space.toX(x1, y1), space.toX(x2, y2)];
  const [ya, yb] = [space.toY(x1, y1), space.toY(x2, y2)];
  return { left: Math.min(xa, xb), top: Math.min(ya, yb), right: Math.max(xa, xb), bottom: Math.max(ya, yb) };
}
