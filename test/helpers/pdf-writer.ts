/**
 * Writes small PDFs for tests, so that no binary needs to be committed. Coordinates are in points from the top left of
 * the page; text is in the standard fonts, which every reader has.
 */
import { deflateSync } from 'node:zlib';

export type Font = 'regular' | 'bold' | 'mono' | 'serif';

const fontNames: Record<Font, string> = {
  regular: 'Helvetica',
  bold: 'Helvetica-Bold',
  mono: 'Courier',
  serif: 'Times-Roman',
};

/** A picture for a page: the bytes of a JPEG, or raw grey pixels. */
export interface PdfImage {
  width: number;
  height: number;
  data: Buffer;
  jpeg: boolean;
}

export interface PdfPage {
  width: number;
  height: number;
  /** `/Rotate` of the page, in degrees clockwise. */
  rotate: number;
  /** Drawing operators. */
  content: string;
  images: PdfImage[];
}

/** Widths of Helvetica for the printable ASCII characters, in thousandths of an em. */
const widths = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556,
  556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833,
  722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556,
  556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334,
  260, 334, 584,
];

const textWidth = (text: string, size: number): number =>
  [...text].reduce((sum, character) => sum + (widths[character.charCodeAt(0) - 32] ?? 556), 0) * (size / 1000);

/** Breaks text into lines that are at most `width` points wide in Helvetica. */
function wrap(text: string, width: number, size: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && textWidth(longer, size) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}

const escapeText = (text: string): string => text.replaceAll(/[\\()]/g, '\\$&');

/** Collects what is drawn on one page. */
export class PageBuilder {
  readonly width: number;
  readonly height: number;
  rotate = 0;
  readonly #operators: string[] = [];
  readonly #images: PdfImage[] = [];

  constructor(width = 612, height = 792) {
    this.width = width;
    this.height = height;
  }

  /** Text whose baseline starts at `x`, `y`; `angle` turns it counter-clockwise, in degrees. */
  text(x: number, y: number, text: string, options: { size?: number; font?: Font; angle?: number } = {}): this {
    const { size = 10, font = 'regular', angle = 0 } = options;
    const [cosine, sine] = [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)];
    const matrix = [cosine, sine, -sine, cosine, x, this.height - y].map((value) => value.toFixed(4)).join(' ');
    this.#operators.push(`BT /${font} ${size} Tf ${matrix} Tm (${escapeText(text)}) Tj ET`);
    return this;
  }

  /** Wrapped text from `y` downwards; the y of the line that would follow is returned. */
  paragraph(
    x: number,
    y: number,
    width: number,
    text: string,
    options: { size?: number; leading?: number; font?: Font } = {},
  ): number {
    const { size = 10, leading = 1.2 * size, font = 'regular' } = options;
    const lines = wrap(text, width, size);
    lines.forEach((line, index) => {
      this.text(x, y + index * leading, line, { size, font });
    });
    return y + lines.length * leading;
  }

  line(x1: number, y1: number, x2: number, y2: number): this {
    this.#operators.push(`0.5 w ${x1} ${this.height - y1} m ${x2} ${this.height - y2} l S`);
    return this;
  }

  /** Lines between and around cells: all `xs` and `ys` over the whole extent. */
  grid(xs: readonly number[], ys: readonly number[]): this {
    const [left, right, top, bottom] = [xs[0] ?? 0, xs.at(-1) ?? 0, ys[0] ?? 0, ys.at(-1) ?? 0];
    for (const x of xs) this.line(x, top, x, bottom);
    for (const y of ys) this.line(left, y, right, y);
    return this;
  }

  /** Text by rows: cells begin at `xs`, their baselines are at `ys`. Empty cells are left out. */
  cells(xs: readonly number[], ys: readonly number[], rows: readonly (readonly string[])[]): this {
    rows.forEach((row, line) => {
      row.forEach((cell, column) => {
        if (cell !== '') this.text(xs[column] ?? 0, ys[line] ?? 0, cell);
      });
    });
    return this;
  }

  image(image: PdfImage, x: number, y: number, width: number, height: number): this {
    this.#operators.push(`q ${width} 0 0 ${height} ${x} ${this.height - y - height} cm /I${this.#images.length} Do Q`);
    this.#images.push(image);
    return this;
  }

  operators(raw: string): this {
    this.#operators.push(raw);
    return this;
  }

  build(): PdfPage {
    const { width, height, rotate } = this;
    return { width, height, rotate, content: this.#operators.join('\n'), images: this.#images };
  }
}

/** Numbered objects of a PDF, with what is needed to find them. */
export class PdfObjects {
  readonly #bodies: (Buffer | undefined)[] = [];

  /** A number for an object whose body comes later. */
  reserve(): number {
    return this.#bodies.push(undefined);
  }

  set(number: number, body: string | Buffer): void {
    this.#bodies[number - 1] = Buffer.from(body);
  }

  add(body: string | Buffer): number {
    const number = this.reserve();
    this.set(number, body);
    return number;
  }

  stream(dictionary: string, data: Buffer): number {
    return this.add(streamBody(dictionary, data));
  }

  /** The file. `trailer` adds entries such as `/Encrypt 5 0 R`. */
  write(root: number, trailer = ''): Buffer {
    const chunks = [Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1')];
    let offset = chunks[0]?.length ?? 0;
    const offsets: number[] = [];
    this.#bodies.forEach((body, index) => {
      const object = Buffer.concat([
        Buffer.from(`${index + 1} 0 obj\n`),
        body ?? Buffer.from('null'),
        Buffer.from('\nendobj\n'),
      ]);
      offsets.push(offset);
      offset += object.length;
      chunks.push(object);
    });
    const entries = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
    const count = offsets.length + 1;
    chunks.push(
      Buffer.from(
        `xref\n0 ${count}\n0000000000 65535 f \n${entries}trailer\n<< /Size ${count} /Root ${root} 0 R ${trailer} >>\nstartxref\n${offset}\n%%EOF\n`,
      ),
    );
    return Buffer.concat(chunks);
  }
}

export const streamBody = (dictionary: string, data: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`<< ${dictionary} /Length ${data.length} >>\nstream\n`),
    data,
    Buffer.from('\nendstream'),
  ]);

function addImage(objects: PdfObjects, { width, height, data, jpeg }: PdfImage): number {
  const dictionary = `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceGray /BitsPerComponent 8`;
  return jpeg
    ? objects.stream(`${dictionary} /Filter /DCTDecode`, data)
    : objects.stream(`${dictionary} /Filter /FlateDecode`, deflateSync(data));
}

export function addFonts(objects: PdfObjects): string {
  const entries = Object.entries(fontNames).map(([key, name]) => {
    const number = objects.add(`<< /Type /Font /Subtype /Type1 /BaseFont /${name} /Encoding /WinAnsiEncoding >>`);
    return `/${key} ${number} 0 R`;
  });
  return `/Font << ${entries.join(' ')} >>`;
}

/** A PDF of these pages. */
export function writePdf(pages: readonly PdfPage[]): Buffer {
  const objects = new PdfObjects();
  const root = objects.reserve();
  const tree = objects.reserve();
  const fonts = addFonts(objects);
  const kids = pages.map(({ width, height, rotate, content, images }) => {
    const stream = objects.stream('/Filter /FlateDecode', deflateSync(Buffer.from(content, 'latin1')));
    const pictures = images.map((image, index) => `/I${index} ${addImage(objects, image)} 0 R`).join(' ');
    return objects.add(
      `<< /Type /Page /Parent ${tree} 0 R /MediaBox [0 0 ${width} ${height}] /Rotate ${rotate} ` +
        `/Resources << ${fonts} /XObject << ${pictures} >> >> /Contents ${stream} 0 R >>`,
    );
  });
  objects.set(root, `<< /Type /Catalog /Pages ${tree} 0 R >>`);
  objects.set(tree, `<< /Type /Pages /Kids [${kids.map((kid) => `${kid} 0 R`).join(' ')}] /Count ${kids.length} >>`);
  return objects.write(root);
}
