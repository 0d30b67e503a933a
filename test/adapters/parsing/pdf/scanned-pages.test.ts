import assert from 'node:assert/strict';
import { after, describe, type TestContext, test } from 'node:test';
import sharp from 'sharp';
import { defaultParsingLimits } from '../../../../src/adapters/parsing/limits.ts';
import { stopEngine } from '../../../../src/adapters/parsing/ocr/engine.ts';
import { pdfReader } from '../../../../src/adapters/parsing/pdf/reader.ts';
import type { Block, ExtractOptions } from '../../../../src/core/document.ts';
import { fileOf, noOptions } from '../../../helpers/parsing.ts';
import { PageBuilder, type PdfImage, type PdfPage, writePdf } from '../../../helpers/pdf-writer.ts';
import { projectPath } from '../../../helpers/project.ts';

const firstLine = 'The quick brown fox jumps over the lazy dog near the river bank.';
const typedLine = 'This line is typed and not drawn.';

async function scan(): Promise<PdfImage> {
  const picture = sharp(projectPath('test/fixtures/ocr/normal.png')).toColourspace('b-w').raw();
  const { data, info } = await picture.toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, data, jpeg: false };
}

/** The scan over a page of its shape, at about 180 dots per inch. */
async function scannedPage(): Promise<PageBuilder> {
  const image = await scan();
  const [width, height] = [image.width * 0.4, image.height * 0.4];
  return new PageBuilder(width, height).image(image, 0, 0, width, height);
}

async function read(
  t: TestContext,
  pages: readonly PdfPage[],
  changes: Partial<ExtractOptions> = {},
): Promise<Block[][]> {
  const path = await fileOf(t, writePdf(pages));
  const options = { ...noOptions, ...changes };
  const range = { from: 1, to: pages.length };
  const parts = await Array.fromAsync(pdfReader.extract(path, range, options, defaultParsingLimits));
  return parts.map(({ blocks }) => blocks);
}

const methodsOf = (blocks: readonly Block[] | undefined): string[] => [
  ...new Set((blocks ?? []).map(({ method }) => method)),
];

describe('a PDF with scanned pages', () => {
  after(stopEngine);

  test('has those recognised, and the others read', async (t) => {
    const typedPage = new PageBuilder().text(72, 100, typedLine).build();
    const [typed, scanned] = await read(t, [typedPage, (await scannedPage()).build()]);
    assert.deepEqual(typed, [{ type: 'paragraph', markdown: typedLine, method: 'text', confidence: null }]);
    assert.deepEqual(methodsOf(scanned), ['ocr']);
    assert.match(scanned?.[0]?.markdown ?? '', new RegExp(`^${firstLine}`));
    assert.ok(scanned?.every(({ confidence }) => confidence !== null && confidence > 0.8 && confidence <= 1));
  });

  test('is recognised as it is shown, not as it is stored', async (t) => {
    const page = await scannedPage();
    page.rotate = 90;
    const [blocks] = await read(t, [page.build()]);
    assert.match(blocks?.[0]?.markdown ?? '', new RegExp(`^${firstLine}`));
  });

  test('has its text read where a picture covers less of the page', async (t) => {
    const page = new PageBuilder().text(72, 100, typedLine).image(await scan(), 72, 200, 460, 171);
    const [blocks] = await read(t, [page.build()]);
    assert.deepEqual(methodsOf(blocks), ['text']);
  });

  test('is recognised whatever text it has when that is asked for', async (t) => {
    const page = new PageBuilder().text(72, 100, typedLine, { size: 14 }).build();
    const [blocks] = await read(t, [page], { forceOcr: true });
    assert.deepEqual(methodsOf(blocks), ['ocr']);
    assert.equal(blocks?.[0]?.markdown, typedLine);
  });

  test('keeps what little text it has when nothing is recognised', async (t) => {
    const page = new PageBuilder().text(72, 100, 'Annex', { size: 6 }).operators('1 1 1 rg 0 0 612 792 re f').build();
    const [blocks] = await read(t, [page]);
    assert.deepEqual(blocks, [{ type: 'paragraph', markdown: 'Annex', method: 'text', confidence: null }]);
  });
});
