import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { escapeLine, renderCode, renderTable } from '../../../../src/adapters/parsing/layout/markdown.ts';

describe('escaping a line', () => {
  for (const [text, expected] of [
    ['# no heading', '\\# no heading'],
    ['#4711 is a number', '#4711 is a number'],
    ['> no quote', '\\> no quote'],
    ['- no item', '\\- no item'],
    ['-5 degrees', '-5 degrees'],
    ['1984. A year', '1984\\. A year'],
    ['| no table', '\\| no table'],
    ['``` no fence', '\\``` no fence'],
    ['<b> is no tag', '\\<b> is no tag'],
    ['a < b', 'a < b'],
    ['2 * 3 * 4', '2 * 3 * 4'],
  ] as const) {
    test(`'${text}' becomes '${expected}'`, () => {
      assert.equal(escapeLine(text), expected);
    });
  }
});

test('a table has its first row as header and as many cells in every row', () => {
  const rows = [['a', 'b', 'c'], ['1'], ['x|y', ' two\nlines ']];
  assert.equal(renderTable(rows), '| a | b | c |\n| --- | --- | --- |\n| 1 |  |  |\n| x\\|y | two lines |  |');
});

test('a fence is longer than any in the code', () => {
  assert.equal(renderCode(['```', 'text']), '````\n```\ntext\n````');
});
