import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { defaultParsingLimits } from '../../../src/adapters/parsing/limits.ts';
import { sniff } from '../../../src/adapters/parsing/sniff.ts';
import type { DocumentType } from '../../../src/core/document.ts';
import { docxOf, epubOf, odtOf, pptxOf, wordParagraph, xlsxOf } from '../../helpers/office-files.ts';
import { fileOf } from '../../helpers/parsing.ts';
import { zipOf } from '../../helpers/zip-writer.ts';

const ole = (name: string) =>
  Buffer.concat([
    Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
    Buffer.alloc(100_000),
    Buffer.from(name, 'utf16le'),
    Buffer.alloc(100),
  ]);
const mail = 'Received: from x\r\nFrom: a@b.c\r\nSubject: s\r\n\r\ntext';
const png = await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
  .png()
  .toBuffer();
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');

interface Found {
  content: string | Buffer;
  name?: string;
  mediaType?: string;
  type: DocumentType;
}

const recognised: Record<string, Found> = {
  'PDF by its bytes': { content: '%PDF-1.7\n\0\0', name: 'a.txt', type: 'pdf' },
  'PDF behind a line of something else': { content: 'junk\n%PDF-1.4\n\0\0', type: 'pdf' },
  'a text about PDF': { content: 'A file begins with %PDF-1.7 always', type: 'text' },
  'PNG named as text': { content: png, name: 'a.txt', mediaType: 'text/plain', type: 'image' },
  'DOCX named as PDF': {
    content: docxOf(wordParagraph('a')),
    name: 'a.pdf',
    mediaType: 'application/pdf',
    type: 'docx',
  },
  PPTX: { content: pptxOf([{ title: 'a' }]), type: 'pptx' },
  XLSX: { content: xlsxOf({ a: [[1]] }), type: 'xlsx' },
  ODT: { content: odtOf('<text:p>a</text:p>'), type: 'odt' },
  EPUB: { content: epubOf(['<p>a</p>']), type: 'epub' },
  'HTML by its doctype': { content: '<!-- c -->\n<!DOCTYPE html><p>a', name: 'a.txt', type: 'html' },
  'XHTML behind its declaration': { content: '<?xml version="1.0"?>\n<html xmlns="x">', type: 'html' },
  'HTML in UTF-16': { content: utf16('<html>'), type: 'html' },
  'HTML by its name': { content: '<p>a</p>', name: 'a.HTM', type: 'html' },
  'Markdown by its name': { content: 'plain', name: 'a.md', type: 'markdown' },
  'Markdown by its media type': { content: 'plain', mediaType: 'text/markdown; charset=utf-8', type: 'markdown' },
  'Markdown by its looks': { content: 'intro\n\n# Head\n\ntext', type: 'markdown' },
  'text whose name says so, whatever it looks like': { content: '# Head', name: 'a.txt', type: 'text' },
  'CSV by its name': { content: 'one column', name: 'a.csv', type: 'csv' },
  'CSV by its looks': { content: 'a;b\n1;2\n3;4\n', type: 'csv' },
  'prose with commas': { content: 'One, two.\nThree, four, five.\nSix.\n', type: 'text' },
  'mail by its header': { content: mail, name: 'a.txt', type: 'eml' },
  'mail by its name': { content: 'X-Mine: 1\nSubject: s\n\ntext', name: 'a.eml', type: 'eml' },
  'a text named as mail': { content: 'just text', name: 'a.eml', type: 'text' },
  'source code': { content: 'const a: number = 1;\n', name: 'a.ts', mediaType: 'video/mp2t', type: 'text' },
  'text with colours of a terminal': { content: 'a \u001b[31mred\u001b[0m', type: 'text' },
  'text in windows-1252': { content: Buffer.from('Gr\xfc\xdfe', 'latin1'), type: 'text' },
};

const refused: Record<string, { content: string | Buffer; code: string; says: RegExp }> = {
  'an old Word file': {
    content: ole('WordDocument'),
    code: 'unsupported_media_type',
    says: /old Word document \(DOC\)/,
  },
  'an old Excel file': { content: ole('Workbook'), code: 'unsupported_media_type', says: /old Excel workbook \(XLS\)/ },
  'a presentation of old': { content: ole('PowerPoint Document'), code: 'unsupported_media_type', says: /PPT/ },
  'a mail of Outlook': { content: ole('__properties_version1.0'), code: 'unsupported_media_type', says: /MSG/ },
  'another old file': { content: ole('Else'), code: 'unsupported_media_type', says: /before 2007/ },
  'an office file under a password': {
    content: ole('EncryptedPackage'),
    code: 'unprocessable_document',
    says: /password/,
  },
  'an archive under a password': {
    content: zipOf([{ name: '[Content_Types].xml', data: 'x', encrypted: true }]),
    code: 'unprocessable_document',
    says: /password/,
  },
  'an archive of files': {
    content: zipOf([{ name: 'a.txt', data: 'a' }]),
    code: 'unsupported_media_type',
    says: /ZIP archive of other files; expected PDF, DOCX/,
  },
  'an OpenDocument sheet': {
    content: zipOf([{ name: 'mimetype', data: 'application/vnd.oasis.opendocument.spreadsheet', stored: true }]),
    code: 'unsupported_media_type',
    says: /is application\/vnd\.oasis\.opendocument\.spreadsheet;/,
  },
  'a binary workbook': {
    content: zipOf([
      { name: '[Content_Types].xml', data: '' },
      { name: 'xl/workbook.bin', data: '' },
    ]),
    code: 'unsupported_media_type',
    says: /XLSB/,
  },
  'an archive that is cut off': {
    content: docxOf(wordParagraph('a')).subarray(0, 300),
    code: 'unprocessable_document',
    says: /damaged, cut off/,
  },
  'rich text': { content: '{\\rtf1 a}', code: 'unsupported_media_type', says: /RTF/ },
  'a drawing': { content: '<?xml version="1.0"?><svg xmlns="x"/>', code: 'unsupported_media_type', says: /SVG/ },
  'a packed file': {
    content: gzipSync('text'),
    code: 'unsupported_media_type',
    says: /is application\/gzip; expected/,
  },
  'bytes without meaning': {
    content: Buffer.from(Array.from({ length: 5_000 }, (_, index) => (index * 7_919 + (index >> 3)) % 256)),
    code: 'unsupported_media_type',
    says: /of no known type/,
  },
};

describe('type of a file', () => {
  for (const [name, { content, type, ...hint }] of Object.entries(recognised)) {
    test(`${name} is ${type}`, async (t) => {
      const path = await fileOf(t, content);
      const found = await sniff(
        path,
        { name: hint.name ?? 'file', mediaType: hint.mediaType ?? null },
        defaultParsingLimits,
      );
      assert.equal(found.type, type);
      assert.match(found.mediaType, type === 'image' ? /^image\/png$/ : /^[\w]+\/[\w.+-]+$/);
    });
  }

  for (const [name, { content, code, says }] of Object.entries(refused)) {
    test(`${name} is refused`, async (t) => {
      const path = await fileOf(t, content);
      const hint = { name: 'a.txt', mediaType: 'text/plain' };
      await assert.rejects(sniff(path, hint, defaultParsingLimits), { code, publicMessage: says });
    });
  }
});
