import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { defaultParsingLimits } from '../../../../src/adapters/parsing/limits.ts';
import { pdfReader } from '../../../../src/adapters/parsing/pdf/reader.ts';
import type { DocumentPart } from '../../../../src/core/document.ts';
import type { ErrorCode } from '../../../../src/core/errors.ts';
import { fileOf, noOptions, readParts } from '../../../helpers/parsing.ts';
import { encryptedPdf, overcountedPdf, pdfOfPages, plainPage } from '../../../helpers/pdf-files.ts';
import { PageBuilder, writePdf } from '../../../helpers/pdf-writer.ts';

async function extract(path: string, from: number, to: number, limits = defaultParsingLimits): Promise<DocumentPart[]> {
  const parts: DocumentPart[] = [];
  for await (const part of pdfReader.extract(path, { from, to }, noOptions, limits)) parts.push(part);
  return parts;
}

const refusal = (code: ErrorCode, publicMessage: RegExp) => (error: Error) => {
  assert.equal((error as Error & { code: ErrorCode }).code, code);
  assert.match((error as Error & { publicMessage: string }).publicMessage, publicMessage);
  return true;
};

test('every page is a part', async (t) => {
  const path = await fileOf(t, pdfOfPages(3));
  assert.deepEqual(await pdfReader.inspect(path, defaultParsingLimits), { parts: 3, unit: 'page' });
  const parts = await extract(path, 1, 3);
  assert.deepEqual(
    parts.map(({ number, blocks }) => [number, blocks[0]?.markdown]),
    [1, 2, 3].map((number) => [number, `This is page number ${number} of the document.`]),
  );
});

test('what was read from a text layer says so, and has no confidence', async (t) => {
  const [part] = await readParts(pdfReader, await fileOf(t, pdfOfPages(1)));
  assert.deepEqual(
    part?.blocks.map(({ method, confidence }) => ({ method, confidence })),
    [{ method: 'text', confidence: null }],
  );
});

test('an empty page has no blocks', async (t) => {
  const parts = await readParts(pdfReader, await fileOf(t, writePdf([plainPage(), new PageBuilder().build()])));
  assert.deepEqual(parts[1], { number: 2, label: null, blocks: [] });
});

test('a range beyond the last page ends with it', async (t) => {
  const parts = await extract(await fileOf(t, pdfOfPages(2)), 2, 9);
  assert.deepEqual(
    parts.map(({ number }) => number),
    [2],
  );
});

test('a page reads the same in every range', async (t) => {
  const pages = Array.from({ length: 12 }, (_, index) => {
    const page = new PageBuilder();
    page.text(72, 40, 'The running head', { size: 8 }).text(300, 760, String(index + 1), { size: 9 });
    page.text(72, 90, `Section ${index + 1}`, { size: 12 + (index % 3) * 3, font: 'bold' });
    page.paragraph(
      72,
      130,
      440,
      'Text that makes this page a page, and that goes on for a line or two at least. '.repeat(4),
    );
    return page.build();
  });
  const path = await fileOf(t, writePdf(pages));
  const whole = await extract(path, 1, 12);
  for (const [from, to] of [
    [1, 1],
    [12, 12],
    [4, 6],
    [7, 7],
  ] as const) {
    // Another file in between, so that nothing is remembered of this one.
    await extract(await fileOf(t, pdfOfPages(1)), 1, 1);
    assert.deepEqual(await extract(path, from, to), whole.slice(from - 1, to));
  }
});

test('a file that changed under its name is read anew', async (t) => {
  const path = await fileOf(t, pdfOfPages(1));
  await extract(path, 1, 1);
  await writeFile(path, pdfOfPages(2));
  assert.equal((await pdfReader.inspect(path, defaultParsingLimits)).parts, 2);
});

describe('the cap on pages', () => {
  const limits = { ...defaultParsingLimits, maxPages: 3 };

  test('lets a document pass that has as many', async (t) => {
    const path = await fileOf(t, pdfOfPages(3));
    assert.equal((await pdfReader.inspect(path, limits)).parts, 3);
    assert.equal((await extract(path, 3, 3, limits)).length, 1);
  });

  test('refuses one that has one more, in both calls', async (t) => {
    const path = await fileOf(t, pdfOfPages(4));
    const tooLarge = refusal('document_too_large', /has 4 pages; at most 3/);
    await assert.rejects(pdfReader.inspect(path, limits), tooLarge);
    await assert.rejects(extract(path, 1, 1, limits), tooLarge);
  });
});

describe('a PDF that cannot be read is refused with the reason', () => {
  test('it needs a password', async (t) => {
    const path = await fileOf(t, encryptedPdf('secret'));
    await assert.rejects(pdfReader.inspect(path, defaultParsingLimits), refusal('unprocessable_document', /password/));
  });

  test('it is cut off', async (t) => {
    const whole = pdfOfPages(1);
    const path = await fileOf(t, whole.subarray(0, whole.length / 2));
    await assert.rejects(pdfReader.inspect(path, defaultParsingLimits), refusal('unprocessable_document', /broken/));
  });

  test('it is only a header', async (t) => {
    const path = await fileOf(t, '%PDF-1.7\n');
    await assert.rejects(pdfReader.inspect(path, defaultParsingLimits), refusal('unprocessable_document', /broken/));
  });

  test('a page of it is missing', async (t) => {
    const path = await fileOf(t, overcountedPdf(3));
    await assert.rejects(readParts(pdfReader, path), refusal('unprocessable_document', /Page 2 .* missing/));
  });
});

test('a PDF that cannot be read does not keep the next from being read', async (t) => {
  const broken = await fileOf(t, '%PDF-1.7\n');
  await assert.rejects(pdfReader.inspect(broken, defaultParsingLimits));
  assert.equal((await readParts(pdfReader, await fileOf(t, pdfOfPages(2)))).length, 2);
});
