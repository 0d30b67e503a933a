import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { createDocumentParser, defaultDocumentParserSettings } from '../../../../src/adapters/parsing/host.ts';
import { type ErrorCode, GatewayError } from '../../../../src/core/errors.ts';
import { noOptions } from '../../../helpers/parsing.ts';
import {
  chainedFormsPdf,
  drawnPdf,
  encryptedPdf,
  nestedFlatePdf,
  overcountedPdf,
  pdfOfHugePicture,
  pdfOfOnePageAgain,
  pdfOfPages,
  pdfOfSize,
  scatteredPdf,
  selfDrawingPdf,
} from '../../../helpers/pdf-files.ts';
import { temporaryDirectories } from '../../../helpers/temporary-directory.ts';

const megabyte = 1_000_000;

interface Bomb {
  make(): Buffer;
  /** What it comes to; null when it can be read within the limits. */
  code: ErrorCode | null;
}

const bombs: Record<string, Bomb> = {
  'content that inflates twice, to 300 MB': {
    make: () => nestedFlatePdf(300 * megabyte),
    code: 'unprocessable_document',
  },
  'a form that draws itself': { make: selfDrawingPdf, code: 'unprocessable_document' },
  'forms that draw each other ten times, ten deep': { make: chainedFormsPdf, code: 'unprocessable_document' },
  'a tree of 100,000 pages': { make: () => pdfOfOnePageAgain(100_000), code: 'document_too_large' },
  'a tree that claims a page too many': { make: () => overcountedPdf(2), code: 'unprocessable_document' },
  'a page of a million points to a side': { make: () => pdfOfSize(megabyte, megabyte), code: null },
  'a page of a million points by one': { make: () => pdfOfSize(megabyte, 1), code: null },
  'a picture of 900 million pixels': { make: () => pdfOfHugePicture(30_000), code: 'document_too_large' },
  '30,000 words at random places': { make: () => scatteredPdf(30_000), code: null },
  '19,000 crossing lines': { make: () => drawnPdf(19_000), code: null },
  'a document under a password': { make: () => encryptedPdf('secret'), code: 'unprocessable_document' },
};

describe('a PDF that is meant to do harm ends in time', () => {
  const folder = temporaryDirectories('pdf-bombs')();
  const settings = { ...defaultDocumentParserSettings, processes: 1, readableFolders: [folder] };
  const parser = createDocumentParser(settings);
  after(() => parser.close());

  async function read(path: string): Promise<number> {
    const signal = AbortSignal.timeout(300_000);
    const found = await parser.inspect(path, { name: 'bomb.pdf', mediaType: null }, signal);
    const parts = await Array.fromAsync(parser.extract(path, found, { from: 1, to: found.parts }, noOptions, signal));
    return parts.length;
  }

  for (const [name, { make, code }] of Object.entries(bombs)) {
    test(name, async () => {
      const path = join(folder, 'bomb.pdf');
      await writeFile(path, make());
      if (code === null) assert.equal(await read(path), 1);
      else await assert.rejects(read(path), (error) => error instanceof GatewayError && error.code === code);
    });
  }

  test('and leaves a parser that reads the next document', async () => {
    const path = join(folder, 'plain.pdf');
    await writeFile(path, pdfOfPages(2));
    assert.equal(await read(path), 2);
  });
});
