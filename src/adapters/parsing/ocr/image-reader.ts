import type { DocumentPart } from '../../../core/document.ts';
import type { FormatReader } from '../format.ts';
import { decodeImage, readHeader } from './decode.ts';
import { recogniseBlocks } from './recognise.ts';

/** A fax or a scan may hold several pages as TIFF; the frames of an animation are one picture. */
const hasPages = (format: string | undefined): boolean => format === 'tiff';

/** Reads pictures of text: PNG, JPEG, WebP, AVIF, GIF (first frame) and TIFF (each page a part). */
export const imageReader: FormatReader = {
  async inspect(path, limits) {
    const { format, pages } = await readHeader(path, limits.maxPixels);
    return { parts: hasPages(format) ? Math.max(1, Math.min(pages ?? 1, limits.maxPages)) : 1, unit: 'page' };
  },

  async *extract(path, range, options, limits) {
    const { parts } = await imageReader.inspect(path, limits);
    for (let number = range.from; number <= Math.min(range.to, parts); number += 1) {
      const image = await decodeImage(path, number - 1, limits.maxPixels);
      const blocks = await recogniseBlocks(image, options.languages);
      yield { number, label: null, blocks } satisfies DocumentPart;
    }
  },
};
