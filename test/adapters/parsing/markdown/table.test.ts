import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { tablesOf } from '../../../../src/adapters/parsing/markdown/table.ts';

describe('tables of rows', () => {
  test('pipes and line breaks stay within their cell', () => {
    assert.deepEqual(tablesOf(['a|b', 'c'], [['1\n2', ' x ']]), ['| a\\|b | c |\n| --- | --- |\n| 1<br>2 | x |']);
  });

  test('empty rows are left out', () => {
    assert.deepEqual(tablesOf(['a'], [[''], [' '], ['1']]), ['| a |\n| --- |\n| 1 |']);
  });

  test('a row longer than the head begins a table with columns without a name', () => {
    assert.deepEqual(tablesOf(['a'], [['1'], ['2', '3'], ['4']]), [
      '| a |\n| --- |\n| 1 |',
      '| a |  |\n| --- | --- |\n| 2 | 3 |\n| 4 |',
    ]);
  });

  test('a long table is cut and the head repeated', () => {
    const tables = tablesOf(['head'], Array(1_000).fill(['some text']));
    assert.ok(tables.length > 1);
    assert.ok(tables.every((table) => table.startsWith('| head |\n| --- |\n') && table.length < 9_000));
    assert.equal(tables.join('\n').match(/some text/g)?.length, 1_000);
  });

  test('a long head is not repeated for every row', () => {
    const head = Array.from({ length: 10_000 }, (_, index) => `column ${index}`);
    const source = Array.from({ length: 1_000 }, () => ['a', 'b']);
    assert.equal(tablesOf(head, source).length, 1);
  });
});
