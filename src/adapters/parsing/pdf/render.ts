import { GatewayError } from '../../../core/errors.ts';
import type { GreyImage } from '../ocr/grey-image.ts';
import type { Pdfium, Pointer } from './pdfium.ts';

const dotsPerInch = 200;
/** A scan is drawn at its own resolution, up to this: finer ones tell the engine nothing more. */
const maxDotsPerInch = 300;
const pointsPerInch = 72;
const greyFormat = 1;
const white = 0xffffffff;
const withAnnotations = 0x01;
const greyscale = 0x08;
/** An A2 page at full resolution; recognition of more than that takes minutes. */
const maxRenderedPixels = 16_000_000;
const maxRenderedSide = 20_000;

/** What there is to draw: a page of this size in points, with a picture of this resolution in dots per inch. */
export interface Drawing {
  width: number;
  height: number;
  imageResolution: number;
}

/** Dots per inch: 200, more for a finer scan, and what `maxPixels` leaves of it for a giant page. */
export function resolutionFor({ width, height, imageResolution }: Drawing, maxPixels: number): number {
  const area = Math.max(1, width * height) / pointsPerInch ** 2;
  const wanted = Math.min(maxDotsPerInch, Math.max(dotsPerInch, imageResolution));
  const room = Math.sqrt(Math.min(maxPixels, maxRenderedPixels) / area);
  return Math.min(wanted, room, (maxRenderedSide * pointsPerInch) / Math.max(width, height, 1));
}

/** Draws a page as its reader sees it. */
export function renderPage({ exports, bytes }: Pdfium, page: Pointer, drawing: Drawing, maxPixels: number): GreyImage {
  const scale = resolutionFor(drawing, maxPixels) / pointsPerInch;
  const width = Math.max(1, Math.floor(drawing.width * scale));
  const height = Math.max(1, Math.floor(drawing.height * scale));
  const bitmap = exports.FPDFBitmap_CreateEx(width, height, greyFormat, 0, 0);
  if (bitmap === 0) throw new GatewayError('unprocessable_document', 'A page of the PDF is too large to be drawn.');
  try {
    exports.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, white);
    exports.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, withAnnotations | greyscale);
    const stride = exports.FPDFBitmap_GetStride(bitmap);
    const start = exports.FPDFBitmap_GetBuffer(bitmap);
    const drawn = bytes();
    const pixels = Buffer.allocUnsafe(width * height);
    for (let row = 0; row < height; row += 1) {
      pixels.set(drawn.subarray(start + row * stride, start + row * stride + width), row * width);
    }
    return { width, height, pixels };
  } finally {
    exports.FPDFBitmap_Destroy(bitmap);
  }
}
