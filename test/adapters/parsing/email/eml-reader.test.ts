import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { emlReader } from '../../../../src/adapters/parsing/email/eml-reader.ts';
import { readBlocks } from '../../../helpers/parsing.ts';

const head = [
  'From: Ada <ada@example.org>',
  'To: Bob <bob@example.org>, team@example.org',
  'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=',
  'Date: Tue, 04 Mar 2025 10:00:00 +0000',
  'MIME-Version: 1.0',
];
const message = (...lines: string[]) => [...head, ...lines].join('\r\n');

describe('e-mail messages', () => {
  test('subject, people and date stand above the text', async (t) => {
    const blocks = await readBlocks(t, emlReader, message('', 'Hello,', 'Bob', '', 'Bye'));
    assert.deepEqual(blocks, [
      'heading: # Grüße',
      'paragraph: **From:** Ada <ada@example.org>  \n**To:** Bob <bob@example.org>, team@example.org  \n**Date:** 2025-03-04T10:00:00.000Z',
      'paragraph: Hello,\nBob',
      'paragraph: Bye',
    ]);
  });

  test('the formatted text is preferred to the plain one', async (t) => {
    const blocks = await readBlocks(
      t,
      emlReader,
      message(
        'Content-Type: multipart/alternative; boundary=b',
        '',
        '--b',
        'Content-Type: text/plain',
        '',
        'plain',
        '--b',
        'Content-Type: text/html',
        '',
        '<ul><li>one</li></ul>',
        '--b--',
      ),
    );
    assert.deepEqual(blocks.slice(2), ['list: - one']);
  });

  test('attachments are named, pictures of the text are not', async (t) => {
    const blocks = await readBlocks(
      t,
      emlReader,
      message(
        'Content-Type: multipart/mixed; boundary=b',
        '',
        '--b',
        'Content-Type: text/plain',
        '',
        'see attached',
        '--b',
        'Content-Type: application/pdf',
        'Content-Disposition: attachment; filename="report.pdf"',
        'Content-Transfer-Encoding: base64',
        '',
        'AAAA',
        '--b--',
      ),
    );
    assert.deepEqual(blocks.slice(2), [
      'paragraph: see attached',
      'paragraph: **Attachments:**',
      'list: - report.pdf (application/pdf)',
    ]);
  });

  test('a message without subject and people is its text', async (t) => {
    assert.deepEqual(await readBlocks(t, emlReader, 'MIME-Version: 1.0\r\n\r\ntext'), ['paragraph: text']);
  });

  test('parts nested deeper than the limit are refused', async (t) => {
    const nested = Array.from({ length: 10_000 }, (_, index) => [
      `Content-Type: multipart/mixed; boundary=b${index}`,
      '',
      `--b${index}`,
    ]).flat();
    await assert.rejects(readBlocks(t, emlReader, message(...nested, '', 'x')), {
      code: 'unprocessable_document',
      publicMessage: /nest more than 256 levels/,
    });
  });
});
