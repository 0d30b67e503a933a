import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { csvReader } from '../../../../src/adapters/parsing/csv/csv-reader.ts';
import { defaultParsingLimits } from '../../../../src/adapters/parsing/limits.ts';
import { fileOf, readBlocks, readParts } from '../../../helpers/parsing.ts';

const small = { ...defaultParsingLimits, partBytes: 1_000 };
const table = (...lines: string[]) => [`table: ${lines.join('\n')}`];

describe('CSV files', () => {
  for (const [name, delimiter] of Object.entries({ comma: ',', semicolon: ';', tab: '\t', pipe: '|' })) {
    test(`a ${name} is recognised as the delimiter`, async (t) => {
      const text = ['name,with,comma;1'.replaceAll(/[,;]/g, delimiter), 'a,b,c,1'.replaceAll(',', delimiter)].join(
        '\n',
      );
      assert.deepEqual(
        await readBlocks(t, csvReader, text),
        table('| name | with | comma | 1 |', '| --- | --- | --- | --- |', '| a | b | c | 1 |'),
      );
    });
  }

  test('decimal commas do not outweigh semicolons', async (t) => {
    assert.deepEqual(
      await readBlocks(t, csvReader, 'a;b\n1,5;2,5\n3;4,5\n'),
      table('| a | b |', '| --- | --- |', '| 1,5 | 2,5 |', '| 3 | 4,5 |'),
    );
  });

  test('the delimiter that Excel declares is taken, and its line is not a row', async (t) => {
    assert.deepEqual(
      await readBlocks(t, csvReader, 'sep=;\r\na;b\r\n1;2\r\n'),
      table('| a | b |', '| --- | --- |', '| 1 | 2 |'),
    );
  });

  test('quoted cells hold delimiters, quotes and line breaks', async (t) => {
    assert.deepEqual(
      await readBlocks(t, csvReader, 'a,b\n"1,""2""","x\ny"\n'),
      table('| a | b |', '| --- | --- |', '| 1,"2" | x<br>y |'),
    );
  });

  test('a quote that is never closed swallows nothing', async (t) => {
    const blocks = await readBlocks(t, csvReader, 'a,b\n1,"open\n2,3\n');
    assert.deepEqual(blocks, table('| a | b |', '| --- | --- |', '| 1 | "open |', '| 2 | 3 |'));
  });

  test('a quote within a cell is text', async (t) => {
    assert.deepEqual(
      await readBlocks(t, csvReader, 'a,b\n5" pipe,1\n'),
      table('| a | b |', '| --- | --- |', '| 5" pipe | 1 |'),
    );
  });

  test('a single row is a table without a head', async (t) => {
    assert.deepEqual(await readBlocks(t, csvReader, 'a,b'), table('|  |  |', '| --- | --- |', '| a | b |'));
  });

  test('a long file is cut between records, each part under the head', async (t) => {
    const rows = Array.from({ length: 300 }, (_, index) => `${index},"line one\nline two"`);
    const parts = await readParts(csvReader, await fileOf(t, `number,text\n${rows.join('\n')}\n`), small);
    assert.ok(parts.length > 3);
    const tables = parts.flatMap(({ blocks }) => blocks.map(({ markdown }) => markdown));
    assert.ok(tables.every((markdown) => markdown.startsWith('| number | text |\n| --- | --- |\n')));
    assert.equal(tables.join('\n').match(/\| line one<br>line two \|/g)?.length, 300);
  });

  test('a row longer than two parts is refused', async (t) => {
    const path = await fileOf(t, 'a,b\n'.padEnd(70_000, 'x,'));
    await assert.rejects(readParts(csvReader, path, { ...small, partBytes: 10_000 }), {
      code: 'unprocessable_document',
      publicMessage: /row/,
    });
  });

  test('a row of more columns than a spreadsheet has is refused', async (t) => {
    await assert.rejects(readBlocks(t, csvReader, '1,'.repeat(16_384)), {
      code: 'unprocessable_document',
      publicMessage: 'The CSV file has a row of 16385 columns; at most 16384 are read.',
    });
    assert.equal((await readBlocks(t, csvReader, '1,'.repeat(16_383))).length, 1);
  });
});
