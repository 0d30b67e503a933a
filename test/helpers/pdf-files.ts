/** PDFs that are more than pages: locked, broken, or meant to do harm. */
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { addFonts, PageBuilder, PdfObjects, streamBody, writePdf } from './pdf-writer.ts';

/** A page with enough text to need no recognition. */
export const plainPage = (text = 'A page with enough text on it to be read as it is.') =>
  new PageBuilder().text(72, 72, text).build();

export const pdfOfPages = (count: number): Buffer =>
  writePdf(Array.from({ length: count }, (_, index) => plainPage(`This is page number ${index + 1} of the document.`)));

/** One page with these resources (besides fonts) and this content; `content` is the number of its stream. */
function pdfOf(
  build: (objects: PdfObjects, fonts: string) => { resources: string; content: number; box?: string },
): Buffer {
  const objects = new PdfObjects();
  const root = objects.reserve();
  const tree = objects.reserve();
  const fonts = addFonts(objects);
  const { resources, content, box = '[0 0 612 792]' } = build(objects, fonts);
  const page = objects.add(
    `<< /Type /Page /Parent ${tree} 0 R /MediaBox ${box} /Resources << ${fonts} ${resources} >> /Contents ${content} 0 R >>`,
  );
  objects.set(root, `<< /Type /Catalog /Pages ${tree} 0 R >>`);
  objects.set(tree, `<< /Type /Pages /Kids [${page} 0 R] /Count 1 >>`);
  return objects.write(root);
}

/** A page with a text field beside its label, filled in. */
export function filledFormPdf(label: string, value: string): Buffer {
  const objects = new PdfObjects();
  const [root, tree] = [objects.reserve(), objects.reserve()];
  const fonts = addFonts(objects);
  const look = objects.stream(
    `/Type /XObject /Subtype /Form /BBox [0 0 200 20] /Resources << ${fonts} >>`,
    Buffer.from(`/Tx BMC BT /regular 10 Tf 2 6 Td (${value}) Tj ET EMC`),
  );
  const field = objects.add(
    `<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (${value}) /F 4 /Rect [200 696 400 716] /AP << /N ${look} 0 R >> >>`,
  );
  const content = objects.stream('', Buffer.from(`BT /regular 10 Tf 1 0 0 1 72 702 Tm (${label}) Tj ET`));
  const page = objects.add(
    `<< /Type /Page /Parent ${tree} 0 R /MediaBox [0 0 612 792] /Resources << ${fonts} >> /Contents ${content} 0 R /Annots [${field} 0 R] >>`,
  );
  objects.set(root, `<< /Type /Catalog /Pages ${tree} 0 R /AcroForm << /Fields [${field} 0 R] >> >>`);
  objects.set(tree, `<< /Type /Pages /Kids [${page} 0 R] /Count 1 >>`);
  return objects.write(root);
}

/** About a kilobyte that inflates, twice, to this many bytes of content. */
export function nestedFlatePdf(bytes: number): Buffer {
  const data = deflateSync(deflateSync(Buffer.alloc(bytes, ' ')));
  return pdfOf((objects) => ({
    resources: '',
    content: objects.stream('/Filter [/FlateDecode /FlateDecode]', data),
  }));
}

const words = 'BT /regular 10 Tf 1 0 0 1 50 50 Tm (the same words again and again) Tj ET';

/** A form that draws itself ten times. */
export function selfDrawingPdf(): Buffer {
  return pdfOf((objects, fonts) => {
    const form = objects.reserve();
    const dictionary = `/Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << ${fonts} /XObject << /X ${form} 0 R >> >>`;
    objects.set(form, streamBody(dictionary, Buffer.from(`${words}${' /X Do'.repeat(10)}`)));
    return { resources: `/XObject << /X ${form} 0 R >>`, content: objects.stream('', Buffer.from('/X Do')) };
  });
}

/** Forms that each draw the next ten times, ten deep. */
export function chainedFormsPdf(): Buffer {
  return pdfOf((objects, fonts) => {
    const head = '/Type /XObject /Subtype /Form /BBox [0 0 612 792]';
    let form = objects.stream(`${head} /Resources << ${fonts} >>`, Buffer.from(words));
    for (let depth = 0; depth < 10; depth += 1) {
      form = objects.stream(`${head} /Resources << /XObject << /X ${form} 0 R >> >>`, Buffer.from('/X Do '.repeat(10)));
    }
    return { resources: `/XObject << /X ${form} 0 R >>`, content: objects.stream('', Buffer.from('/X Do')) };
  });
}

/** A page of this size in points that needs to be drawn: a bar, and next to no text. */
export const pdfOfSize = (width: number, height: number): Buffer =>
  pdfOf((objects) => ({
    resources: '',
    content: objects.stream('', Buffer.from('BT /regular 10 Tf 1 0 0 1 50 50 Tm (short) Tj ET 0 0 40 10 re f')),
    box: `[0 0 ${width} ${height}]`,
  }));

/** A picture that claims this many pixels to a side, all black, packed to next to nothing. */
export const pdfOfHugePicture = (side: number): Buffer =>
  pdfOf((objects) => {
    const data = deflateSync(Buffer.alloc((side * side) / 8));
    const head = `/Type /XObject /Subtype /Image /Width ${side} /Height ${side} /ColorSpace /DeviceGray /BitsPerComponent 1`;
    const picture = objects.stream(`${head} /Filter /FlateDecode`, data);
    return {
      resources: `/XObject << /I ${picture} 0 R >>`,
      content: objects.stream('', Buffer.from('q 612 0 0 792 0 0 cm /I Do Q')),
    };
  });

/** A page on which this many words stand at random. */
export function scatteredPdf(count: number): Buffer {
  const shown = Array.from(
    { length: count },
    (_, index) => `1 0 0 1 ${(index * 7919) % 600} ${(index * 104729) % 780} Tm (w${index}) Tj`,
  );
  return pdfOf((objects) => ({
    resources: '',
    content: objects.stream(
      '/Filter /FlateDecode',
      deflateSync(Buffer.from(`BT /regular 4 Tf\n${shown.join('\n')}\nET`)),
    ),
  }));
}

/** A page on which this many short lines are drawn, across and down. */
export function drawnPdf(count: number): Buffer {
  const lines = Array.from({ length: count }, (_, index) => {
    const [x, y] = [(index * 7) % 600, (index * 13) % 700];
    return index % 2 === 0 ? `${x} ${y} m ${x} ${y + 40} l S` : `${x} ${y} m ${x + 40} ${y} l S`;
  });
  return pdfOf((objects) => ({
    resources: '',
    content: objects.stream('/Filter /FlateDecode', deflateSync(Buffer.from(`${words}\n${lines.join('\n')}`))),
  }));
}

/** A page tree that holds one page this many times. */
export function pdfOfOnePageAgain(count: number): Buffer {
  const objects = new PdfObjects();
  const [root, tree] = [objects.reserve(), objects.reserve()];
  const page = objects.add(`<< /Type /Page /Parent ${tree} 0 R /MediaBox [0 0 612 792] >>`);
  objects.set(root, `<< /Type /Catalog /Pages ${tree} 0 R >>`);
  objects.set(tree, `<< /Type /Pages /Kids [${`${page} 0 R `.repeat(count)}] /Count ${count} >>`);
  return objects.write(root);
}

/** A page tree that says it holds more pages than it does. */
export function overcountedPdf(count: number): Buffer {
  const text = pdfOfPages(1).toString('latin1');
  return Buffer.from(text.replace('/Count 1 ', `/Count ${count} `), 'latin1');
}

function rc4(key: Buffer, data: Buffer): Buffer {
  const state = Uint8Array.from({ length: 256 }, (_, index) => index);
  const swap = (a: number, b: number) => {
    [state[a], state[b]] = [state[b] ?? 0, state[a] ?? 0];
  };
  for (let index = 0, other = 0; index < 256; index += 1) {
    other = (other + (state[index] ?? 0) + (key[index % key.length] ?? 0)) & 255;
    swap(index, other);
  }
  let [first, second] = [0, 0];
  return Buffer.from(
    data.map((byte) => {
      first = (first + 1) & 255;
      second = (second + (state[first] ?? 0)) & 255;
      swap(first, second);
      return byte ^ (state[((state[first] ?? 0) + (state[second] ?? 0)) & 255] ?? 0);
    }),
  );
}

const padding = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex');
const md5 = (...parts: Buffer[]): Buffer => createHash('md5').update(Buffer.concat(parts)).digest();
const padded = (password: string): Buffer => Buffer.concat([Buffer.from(password), padding]).subarray(0, 32);

/** A PDF that asks for this password before it can be opened (standard security handler, revision 2). */
export function encryptedPdf(password: string): Buffer {
  const objects = new PdfObjects();
  const root = objects.reserve();
  const tree = objects.reserve();
  const page = objects.add(`<< /Type /Page /Parent ${tree} 0 R /MediaBox [0 0 612 792] >>`);
  objects.set(root, `<< /Type /Catalog /Pages ${tree} 0 R >>`);
  objects.set(tree, `<< /Type /Pages /Kids [${page} 0 R] /Count 1 >>`);
  const id = Buffer.from('0123456789abcdef');
  const permissions = Buffer.from([0xfc, 0xff, 0xff, 0xff]);
  const owner = rc4(md5(padded('owner')).subarray(0, 5), padded(password));
  const key = md5(padded(password), owner, permissions, id).subarray(0, 5);
  const hex = (bytes: Buffer) => `<${bytes.toString('hex')}>`;
  const encrypt = objects.add(`<< /Filter /Standard /V 1 /R 2 /O ${hex(owner)} /U ${hex(rc4(key, padding))} /P -4 >>`);
  return objects.write(root, `/Encrypt ${encrypt} 0 R /ID [${hex(id)} ${hex(id)}]`);
}
