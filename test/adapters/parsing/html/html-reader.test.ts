import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { htmlReader } from '../../../../src/adapters/parsing/html/html-reader.ts';
import { defaultParsingLimits } from '../../../../src/adapters/parsing/limits.ts';
import { fileOf, readBlocks } from '../../../helpers/parsing.ts';

describe('HTML files', () => {
  test('a page is one part of blocks', async (t) => {
    const blocks = await readBlocks(t, htmlReader, '<h1>A</h1><p>b</p><blockquote><p>c</p></blockquote><hr><p>d</p>');
    assert.deepEqual(blocks, ['heading: # A', 'paragraph: b', 'quote: > c', 'paragraph: d']);
  });

  test('a page in another encoding says so itself', async (t) => {
    const page = Buffer.concat([
      Buffer.from('<html><head><meta charset="iso-8859-2"></head><body><p>'),
      Buffer.from([0xb3, 0xf3, 0x64, 0xbc]),
      Buffer.from('</p></body></html>'),
    ]);
    assert.deepEqual(await readBlocks(t, htmlReader, page), ['paragraph: łódź']);
  });

  test('an encoding that nobody knows is passed over', async (t) => {
    const page = Buffer.concat([Buffer.from('<meta charset="klingon"><p>'), Buffer.from([0xe9]), Buffer.from('</p>')]);
    assert.deepEqual(await readBlocks(t, htmlReader, page), ['paragraph: é']);
  });

  test('a page over the limit is refused', async (t) => {
    const path = await fileOf(t, '<p>abc</p>');
    await assert.rejects(htmlReader.inspect(path, { ...defaultParsingLimits, maxTreeBytes: 9 }), {
      code: 'document_too_large',
    });
    await htmlReader.inspect(path, { ...defaultParsingLimits, maxTreeBytes: 10 });
  });
});
