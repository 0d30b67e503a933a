import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import {
  createDocumentParser,
  defaultDocumentParserSettings,
  type HostedDocumentParser,
} from '../../../src/adapters/parsing/host.ts';
import type { ErrorCode } from '../../../src/core/errors.ts';
import { docxOf, odtOf, wordParagraph, wordTable, xlsxOf } from '../../helpers/office-files.ts';
import { noOptions, temporaryFolder } from '../../helpers/parsing.ts';
import { zerosEntry, zipOf } from '../../helpers/zip-writer.ts';

const mebibyte = 1024 * 1024;
const bombMs = 10_000;
const harmlessMs = 60_000;
const maxRiseBytes = 64 * mebibyte;

const entities = (declared: string) =>
  `<!DOCTYPE r [<!ENTITY a "${'lol'.repeat(10)}">${Array.from({ length: 9 }, (_, level) => `<!ENTITY a${level} "${'&a;'.repeat(10)}">`).join('')}]>${declared}`;
const withEntry = (name: string, data: string | Buffer) => docxOf(wordParagraph('a'), { entries: [{ name, data }] });
const nestedWord = (depth: number) =>
  `${'<w:sdt><w:sdtContent>'.repeat(depth)}${wordParagraph('x')}${'</w:sdtContent></w:sdt>'.repeat(depth)}`;
const wordTables = (depth: number) =>
  `${'<w:tbl><w:tr><w:tc>'.repeat(depth)}${wordParagraph('x')}${'</w:tc></w:tr></w:tbl>'.repeat(depth)}`;

/** The content of a file; a long one in pieces, so that it is never whole in our memory, which is measured. */
type Make = () => string | Buffer | Iterable<string>;

interface Bomb {
  make: Make;
  name?: string;
  codes: readonly ErrorCode[];
}

function repeated(piece: string, bytes: number): Make {
  const chunk = piece.repeat(Math.ceil(mebibyte / piece.length));
  return () => Array<string>(Math.ceil(bytes / chunk.length)).fill(chunk);
}

const bombs: Record<string, Bomb> = {
  'a DOCX that unpacks to a thousand times its size': {
    make: () => docxOf(wordParagraph('a'), { entries: [zerosEntry('word/media/image1.bin', 50 * mebibyte)] }),
    codes: ['unprocessable_document'],
  },
  'a DOCX with an entry of 300 MiB': {
    make: () => docxOf(wordParagraph('a'), { entries: [zerosEntry('word/styles2.xml', 300 * mebibyte)] }),
    codes: ['unprocessable_document'],
  },
  'an entry of 600 MiB hidden by its ballast': {
    make: () =>
      docxOf(wordParagraph('a'), {
        entries: [
          { name: 'word/media/noise.bin', data: randomBytes(8 * mebibyte), stored: true },
          zerosEntry('word/media/image1.bin', 600 * mebibyte),
        ],
      }),
    codes: ['document_too_large'],
  },
  'an entry that claims to be small': {
    make: () => {
      const entry = zerosEntry('word/media/image1.bin', 300 * mebibyte);
      return docxOf(wordParagraph('a'), { entries: [{ ...entry, inflated: { bytes: 10, crc: 0 } }] });
    },
    codes: ['unprocessable_document'],
  },
  'a DOCX of 20,000 entries': {
    make: () =>
      docxOf(wordParagraph('a'), {
        entries: Array.from({ length: 20_000 }, (_, index) => ({ name: `word/${index}.xml`, data: '' })),
      }),
    codes: ['document_too_large'],
  },
  'an archive within a DOCX': {
    make: () => withEntry('word/media/inner.zip', zipOf([{ name: 'a', data: 'a' }])),
    codes: ['unprocessable_document'],
  },
  'an archive within a DOCX by another name': {
    make: () => withEntry('word/media/image1.png', docxOf(wordParagraph('a'))),
    codes: ['unprocessable_document'],
  },
  'a name that leads out of the archive': {
    make: () => withEntry('../../etc/passwd', 'x'),
    codes: ['unprocessable_document'],
  },
  'an absolute name': { make: () => withEntry('/etc/passwd', 'x'), codes: ['unprocessable_document'] },
  'entities in a DOCX': {
    make: () => withEntry('word/comments.xml', entities('<r>&a9;</r>')),
    codes: ['unprocessable_document'],
  },
  'entities in UTF-16 in a DOCX': {
    make: () => withEntry('word/comments.xml', Buffer.from(`\ufeff${entities('<r/>')}`, 'utf16le')),
    codes: ['unprocessable_document'],
  },
  'entities in an ODT': {
    make: () => odtOf('<text:p>&a8;</text:p>', entities('')),
    codes: ['unprocessable_document'],
  },
  'a DOCX of deeply nested content': { make: () => docxOf(nestedWord(100_000)), codes: ['unprocessable_document'] },
  'a DOCX of deeply nested tables': { make: () => docxOf(wordTables(100_000)), codes: ['unprocessable_document'] },
  'a truncated DOCX': {
    make: () => docxOf(wordTable([['a', 'b']])).subarray(0, -40),
    codes: ['unprocessable_document'],
  },
  'a DOCX without its document': {
    make: () =>
      zipOf([
        { name: '[Content_Types].xml', data: '<x/>' },
        { name: 'word/other.xml', data: '<x/>' },
      ]),
    codes: ['unprocessable_document'],
  },
  'a hundred thousand nested elements of HTML': {
    make: () => `<html>${'<div>'.repeat(100_000)}x`,
    codes: ['unprocessable_document'],
  },
  'HTML that nests by self-closed elements': {
    make: () => `<html>${'<b/>'.repeat(100_000)}x`,
    codes: ['unprocessable_document'],
  },
  'a CSV of one huge line': {
    make: repeated('1,', 100 * mebibyte),
    name: 'a.csv',
    codes: ['unprocessable_document'],
  },
  'a message of ten thousand nested parts': {
    make: () =>
      `From: a@b.c\r\nSubject: x\r\nMIME-Version: 1.0\r\n${Array.from({ length: 10_000 }, (_, index) => `Content-Type: multipart/mixed; boundary=b${index}\r\n\r\n--b${index}\r\n`).join('')}\r\nx`,
    codes: ['unprocessable_document'],
  },
  'random bytes': { make: () => randomBytes(mebibyte), codes: ['unsupported_media_type'] },
  'an empty file': { make: () => '', codes: ['unprocessable_document'] },
};

/** Large or strange, and to be read all the same. */
const harmless: Record<string, { make: Make; name?: string; type: string }> = {
  'a text of 100 MiB': { make: repeated(`${'some words of a line '.repeat(20)}\n\n`, 100 * mebibyte), type: 'text' },
  'a text of one line of 50 MiB': { make: repeated('word ', 50 * mebibyte), type: 'text' },
  'a CSV of 10 MiB': {
    make: repeated('a,b,c\n1,"two, three, and more of it",4\n', 10 * mebibyte),
    name: 'a.csv',
    type: 'csv',
  },
  'a DOCX named as PDF': { make: () => docxOf(wordParagraph('a')), name: 'a.pdf', type: 'docx' },
  'a DOCX with a workbook pasted in': {
    make: () => withEntry('word/embeddings/Microsoft_Excel_Sheet.xlsx', xlsxOf({ a: [[1]] })),
    type: 'docx',
  },
  'an ODT whose spaces would fill a disk': {
    make: () => odtOf(`<text:p>${'<text:s text:c="2000000000"/>'.repeat(1_000)}x</text:p>`),
    type: 'odt',
  },
  'a workbook of 20,000 rows': {
    make: () => xlsxOf({ a: Array.from({ length: 20_000 }, (_, index) => [`row ${index}`, index, index / 2]) }),
    type: 'xlsx',
  },
};

describe('files made to do harm', () => {
  const cleanups: (() => Promise<void>)[] = [];
  let folder: string;
  let parser: HostedDocumentParser;
  /** The most that this process took while a file was read, over what it took before. */
  let riseBytes: number;

  before(async () => {
    folder = await temporaryFolder({ after: (cleanup: () => Promise<void>) => void cleanups.push(cleanup) });
    parser = createDocumentParser({ ...defaultDocumentParserSettings, processes: 1, readableFolders: [folder] });
  });
  after(async () => {
    await parser.close();
    for (const cleanup of cleanups) await cleanup();
  });

  async function read(make: Make, name: string, withinMs: number): Promise<string> {
    const path = join(folder, 'document');
    await writeFile(path, make());
    const signal = AbortSignal.timeout(withinMs);
    const before = process.memoryUsage.rss();
    let most = before;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss());
    }, 5);
    try {
      const found = await parser.inspect(path, { name, mediaType: null }, signal);
      for await (const _ of parser.extract(path, found, { from: 1, to: found.parts }, noOptions, signal)) {
        // Only what it costs counts here.
      }
      return found.type;
    } finally {
      clearInterval(watch);
      riseBytes = most - before;
      assert.deepEqual(await readdir(folder), ['document'], 'no file is left');
    }
  }

  for (const [title, { make, name = 'document', codes }] of Object.entries(bombs)) {
    test(`${title} is refused in time, at no cost to us`, async () => {
      await assert.rejects(read(make, name, bombMs), (error: { code?: ErrorCode; publicMessage?: string }) => {
        assert.ok(
          codes.some((code) => code === error.code),
          `${error}`,
        );
        return true;
      });
      assert.ok(riseBytes <= maxRiseBytes, `${riseBytes} bytes`);
    });
  }

  test('a long text is read, for which V8 gives its young generation its full size, once', async () => {
    const { make } = harmless['a text of 100 MiB'] ?? assert.fail();
    assert.equal(await read(make, 'document', harmlessMs), 'text');
  });

  for (const [title, { make, name = 'document', type }] of Object.entries(harmless)) {
    test(`${title} is read in time, at no cost to us`, async () => {
      let found = await read(make, name, harmlessMs);
      // What has not been collected yet is no cost of the file's: that comes each time.
      for (let left = 2; left > 0 && riseBytes > maxRiseBytes; left -= 1) found = await read(make, name, harmlessMs);
      assert.equal(found, type);
      assert.ok(riseBytes <= maxRiseBytes, `${riseBytes} bytes`);
    });
  }
});
