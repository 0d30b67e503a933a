import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { defaultParsingLimits } from '../../../../src/adapters/parsing/limits.ts';
import { textReader } from '../../../../src/adapters/parsing/text/text-reader.ts';
import { fileOf, noOptions, readBlocks, readParts } from '../../../helpers/parsing.ts';

const small = { ...defaultParsingLimits, partBytes: 1_000 };

describe('text files', () => {
  test('blank lines and page breaks part paragraphs; line breaks are kept', async (t) => {
    const blocks = await readBlocks(t, textReader, '\n  a\nb  \n \n\nc\fd\r\ne\r\n');
    assert.deepEqual(blocks, ['paragraph:   a\nb', 'paragraph: c', 'paragraph: d\ne']);
  });

  test('nothing is escaped', async (t) => {
    assert.deepEqual(await readBlocks(t, textReader, '# a_b * [c]'), ['paragraph: # a_b * [c]']);
  });

  test('a file of blanks is one part without blocks', async (t) => {
    assert.deepEqual(await readParts(textReader, await fileOf(t, ' \n\n ')), [{ number: 1, label: null, blocks: [] }]);
  });

  const encodings: { name: string; bytes: Buffer }[] = [
    { name: 'UTF-8', bytes: Buffer.from('Grüße 😀') },
    { name: 'UTF-8 with a mark', bytes: Buffer.from('\ufeffGrüße 😀') },
    { name: 'UTF-16 LE', bytes: Buffer.from('\ufeffGrüße 😀', 'utf16le') },
    { name: 'UTF-16 BE', bytes: Buffer.from('\ufeffGrüße 😀', 'utf16le').swap16() },
  ];
  for (const { name, bytes } of encodings) {
    test(`${name} is read`, async (t) => {
      assert.deepEqual(await readBlocks(t, textReader, bytes), ['paragraph: Grüße 😀']);
    });
  }

  test('what is not UTF-8 is read as windows-1252', async (t) => {
    const bytes = Buffer.from([0x47, 0x72, 0xfc, 0xdf, 0x65, 0x20, 0x80]);
    assert.deepEqual(await readBlocks(t, textReader, bytes), ['paragraph: Grüße €']);
  });

  test('one wrong byte at the end of a long file makes all of it windows-1252', async (t) => {
    const bytes = Buffer.concat([Buffer.from('é'.repeat(100_000)), Buffer.from([0xe9])]);
    const blocks = await readBlocks(t, textReader, bytes);
    assert.ok(blocks[0]?.endsWith('Ã©é'));
  });

  test('a long file is cut between paragraphs, into as many parts as were counted', async (t) => {
    const text = 'one line\nand another\n\n'.repeat(500);
    const path = await fileOf(t, text);
    const parts = await readParts(textReader, path, small);
    assert.deepEqual(await textReader.inspect(path, small), { parts: parts.length, unit: 'part' });
    assert.ok(parts.length > 5);
    assert.ok(parts.every(({ blocks }) => blocks.every(({ markdown }) => markdown === 'one line\nand another')));
    assert.equal(parts.flatMap(({ blocks }) => blocks).length, 500);
  });

  test('any range of parts is what reading all of them gives', async (t) => {
    const path = await fileOf(t, Array.from({ length: 900 }, (_, index) => `line ${index}`).join('\n'));
    const all = await readParts(textReader, path, small);
    const found = [];
    for await (const part of textReader.extract(path, { from: 3, to: 4 }, noOptions, small)) found.push(part);
    assert.deepEqual(found, all.slice(2, 4));
  });

  test('no character is lost or cut, whatever the text', async (t) => {
    const text = fc.string({ unit: fc.constantFrom('a', ' ', '\n', 'é', '😀'), maxLength: 400 });
    await fc.assert(
      fc.asyncProperty(text, async (written) => {
        const parts = await readParts(textReader, await fileOf(t, written), { ...defaultParsingLimits, partBytes: 16 });
        const read = parts.flatMap(({ blocks }) => blocks.map(({ markdown }) => markdown)).join('');
        assert.equal(read.replaceAll(/\s/g, ''), written.replaceAll(/\s/g, ''));
      }),
      { numRuns: 100 },
    );
  });

  test('a file over the limit is refused with both sizes', async (t) => {
    const path = await fileOf(t, 'x'.repeat(11));
    await assert.rejects(textReader.inspect(path, { ...defaultParsingLimits, maxTextBytes: 10 }), {
      code: 'document_too_large',
      publicMessage: 'The file has 11 bytes; at most 10 are read of a text.',
    });
    assert.deepEqual(await textReader.inspect(path, { ...defaultParsingLimits, maxTextBytes: 11 }), {
      parts: 1,
      unit: 'part',
    });
  });
});
