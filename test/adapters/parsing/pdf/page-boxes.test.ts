import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { createDocumentParser, defaultDocumentParserSettings } from '../../../../src/adapters/parsing/host.ts';
import { pdfReader } from '../../../../src/adapters/parsing/pdf/reader.ts';
import { fileOf, noOptions, readParts, temporaryFolder, typed } from '../../../helpers/parsing.ts';
import { addFonts, PdfObjects } from '../../../helpers/pdf-writer.ts';

const sentence = 'The harbour master keeps the book.';
const drawn = `BT /regular 12 Tf 72 100 Td (${sentence}) Tj ET`;

/** One page whose dictionary has these entries besides its text. */
function pdfWithPage(entries: string, content = drawn): Buffer {
  const objects = new PdfObjects();
  const root = objects.reserve();
  const tree = objects.reserve();
  const stream = objects.stream('', Buffer.from(content));
  const resources = `/Resources << ${addFonts(objects)} >>`;
  const page = objects.add(`<< /Type /Page /Parent ${tree} 0 R ${resources} /Contents ${stream} 0 R ${entries} >>`);
  objects.set(root, `<< /Type /Catalog /Pages ${tree} 0 R >>`);
  objects.set(tree, `<< /Type /Pages /Kids [${page} 0 R] /Count 1 >>`);
  return objects.write(root);
}

async function read(t: TestContext, content: Buffer): Promise<string[][]> {
  const parts = await readParts(pdfReader, await fileOf(t, content));
  return parts.map(({ blocks }) => typed(blocks));
}

describe('a page', () => {
  const boxes = {
    'as large as the format permits': '/MediaBox [0 0 2000000000 2000000000]',
    'whose corners are named in another order': '/MediaBox [612 792 0 0]',
    'that does not begin at the origin': '/MediaBox [-100 -200 512 592]',
    'that is cropped around its text': '/MediaBox [0 0 612 792] /CropBox [50 80 400 130]',
    'without a size': '',
    'of no size': '/MediaBox [0 0 0 0]',
  };
  for (const [what, entries] of Object.entries(boxes)) {
    test(`${what} is read`, async (t) => {
      assert.deepEqual(await read(t, pdfWithPage(entries)), [[`paragraph: ${sentence}`]]);
    });
  }

  test('that is giant and must be recognised is drawn within the limits of the sandbox', async (t) => {
    const folder = await temporaryFolder(t);
    const path = join(folder, 'giant');
    await writeFile(path, pdfWithPage('/MediaBox [0 0 2000000000 2000000000]', '0 0 1000000000 1000000000 re f'));
    const parser = createDocumentParser({ ...defaultDocumentParserSettings, processes: 1, readableFolders: [folder] });
    t.after(() => parser.close());
    const never = new AbortController().signal;
    const found = await parser.inspect(path, { name: 'a.pdf', mediaType: null }, never);
    const parts = await Array.fromAsync(parser.extract(path, found, { from: 1, to: 1 }, noOptions, never));
    assert.deepEqual(parts, [{ number: 1, label: null, blocks: [] }]);
  });
});
