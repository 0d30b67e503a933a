import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { blocksOfPage, contextOf } from '../../../../src/adapters/parsing/layout/document-layout.ts';
import { typed } from '../../../helpers/parsing.ts';
import { horizontal, type Typesetting, typeset, vertical } from '../../../helpers/typeset.ts';

const filler = [
  'This paragraph is long enough to say what ordinary text looks like',
  'on the page, so that anything else can be told from it, and it goes',
  'on over several lines that all end near the right edge of the text',
  'until it is over.',
];
const joined = filler.join(' ');

/** Blocks of a page of these lines, as `type: markdown`. */
function layOut(lines: readonly string[], options: Typesetting = {}): string[] {
  const page = typeset(lines, options);
  return typed(blocksOfPage(page, contextOf([page]), 'text'));
}

describe('paragraphs', () => {
  test('wrapped lines are one paragraph', () => {
    assert.deepEqual(layOut(filler), [`paragraph: ${joined}`]);
  });

  test('an empty line separates two', () => {
    assert.deepEqual(layOut([...filler, '', ...filler]), [`paragraph: ${joined}`, `paragraph: ${joined}`]);
  });

  test('an indented first line begins one', () => {
    const indented = ['    And this one is set in, as a printer does', ...filler.slice(1)];
    const second = indented.map((line) => line.trim()).join(' ');
    assert.deepEqual(layOut([...filler, ...indented]), [`paragraph: ${joined}`, `paragraph: ${second}`]);
  });

  test('a line that ends early ends one, without any space between', () => {
    assert.deepEqual(layOut([...filler, ...filler]), [`paragraph: ${joined}`, `paragraph: ${joined}`]);
  });

  test('lines of an address stay lines', () => {
    const address = ['Harbour & Sons', '12 Quay Street', 'Bristol'];
    assert.deepEqual(layOut([...address, '', ...filler]), [`paragraph: ${address.join('\n')}`, `paragraph: ${joined}`]);
  });

  test('a line of signs is a block of its own, so that it makes no heading of the line above', () => {
    assert.deepEqual(layOut(['Total 3', '==========', 'Paid', '', ...filler]).slice(0, 3), [
      'paragraph: Total 3',
      'paragraph: ==========',
      'paragraph: Paid',
    ]);
  });
});

describe('headings', () => {
  test('larger lines are headings, ranked by size', () => {
    const lines = ['The Title', '', '', ...filler, '', 'A Section', '', ...filler];
    assert.deepEqual(layOut(lines, { sizes: { 0: 18, 8: 13 } }), [
      'heading: # The Title',
      `paragraph: ${joined}`,
      'heading: ## A Section',
      `paragraph: ${joined}`,
    ]);
  });

  test('a bold line of its own is a heading below those', () => {
    const lines = ['The Title', '', ...filler, '', 'In bold', ...filler];
    const found = layOut(lines, { sizes: { 0: 18 }, bold: [7] });
    assert.deepEqual(found[2], 'heading: ## In bold');
  });

  test('a heading of two lines is one', () => {
    const lines = ['A title that is too long for', 'a single line', '', ...filler];
    assert.equal(
      layOut(lines, { sizes: { 0: 14, 1: 14 } })[0],
      'heading: # A title that is too long for a single line',
    );
  });

  test('a bold amount is no heading', () => {
    assert.equal(layOut(['TOTAL $821.14', '', ...filler], { bold: [0] })[0], 'paragraph: TOTAL $821.14');
  });

  test('a page that is all bold has no headings for it', () => {
    const found = layOut(['In bold', '', ...filler], { bold: [0, 1, 2, 3, 4, 5] });
    assert.equal(found[0], 'paragraph: In bold');
  });
});

describe('lists', () => {
  test('bullets are items, and what is wrapped belongs to them', () => {
    const lines = [
      ...filler,
      '',
      '• the first item of this list, which is so long that it needs',
      '  a second line',
      '• the second',
    ];
    assert.equal(
      layOut(lines)[1],
      'list: - the first item of this list, which is so long that it needs a second line\n- the second',
    );
  });

  test('items that are set in are items of items', () => {
    assert.deepEqual(
      layOut(['1. one', '   - inner', '   - other', '2. two', '', ...filler])[0],
      'list: 1. one\n    - inner\n    - other\n2. two',
    );
  });

  test('a number at the start of a wrapped line is none', () => {
    const lines = [
      'The committee met for the first time in the spring of the year of',
      '1984. It met again in every year that followed, and in each of them',
      'its members were the same.',
    ];
    assert.deepEqual(layOut(lines), [`paragraph: ${lines.join(' ')}`]);
  });
});

describe('tables', () => {
  const cells = ['Name    Rate   Limit', 'alpha   10     100', 'beta    20     2,000'];
  const table = 'table: | Name | Rate | Limit |\n| --- | --- | --- |\n| alpha | 10 | 100 |\n| beta | 20 | 2,000 |';

  test('cells under each other are a table without any lines', () => {
    assert.deepEqual(layOut([...filler, '', ...cells, '', ...filler]), [
      `paragraph: ${joined}`,
      table,
      `paragraph: ${joined}`,
    ]);
  });

  test('cells may be missing', () => {
    const lines = [
      'Code    Place   Count   Note',
      'A-1     left            new',
      '        right   12',
      'B-2             7       old',
    ];
    assert.equal(
      layOut(lines)[0],
      'table: | Code | Place | Count | Note |\n| --- | --- | --- | --- |\n| A-1 | left |  | new |\n|  | right | 12 |  |\n| B-2 |  | 7 | old |',
    );
  });

  test('numbers may be set to the right', () => {
    const lines = ['Item          Price', 'one thing      1.00', 'another      120.50', 'the last    1,200.00'];
    assert.equal(
      layOut(lines)[0],
      'table: | Item | Price |\n| --- | --- |\n| one thing | 1.00 |\n| another | 120.50 |\n| the last | 1,200.00 |',
    );
  });

  test('a heading over several columns stands in the first of them', () => {
    const lines = [
      '     First half       Second half',
      'a    10    20    b    30    40',
      'c    11    21    d    31    41',
    ];
    assert.equal(layOut(lines)[0]?.split('\n')[0], 'table: |  | First half |  |  | Second half |  |');
  });

  test('two lines with a gap are no table', () => {
    const found = layOut(['left            right', 'more left       more right', '', ...filler]);
    assert.ok(
      found.every((block) => !block.startsWith('table')),
      found.join('\n'),
    );
  });

  test('wide spaces of justified lines are no table', () => {
    const lines = [
      'A line  whose  words  are  set  apart  to  reach  the  right  edge',
      'of the text and one that is not, and then one  more  that  again  is',
      'as wide as all the others are.',
    ];
    assert.ok(
      layOut(lines).every((block) => block.startsWith('paragraph')),
      layOut(lines).join('\n'),
    );
  });

  test('entries of a table of contents are lines', () => {
    const lines = [
      '1  Introduction ................ 1',
      '   1.1  Motives ................ 3',
      '2  Methods ..................... 12',
    ];
    assert.deepEqual(
      layOut([...lines, '', ...filler])[0],
      'paragraph: 1 Introduction ... 1\n1.1 Motives ... 3\n2 Methods ... 12',
    );
  });

  const drawn = [0, 1, 3, 4]
    .map((line) => horizontal(line, 0, 30))
    .concat([0, 10, 20, 30].map((column) => vertical(column, 0, 4)));

  test('lines around cells make a table, and text of several lines is one cell', () => {
    const lines = [
      'Name      Note      Count',
      'alpha     wraps     1',
      '          here',
      'beta      -         2',
      '',
      ...filler,
    ];
    assert.equal(
      layOut(lines, { rules: drawn })[0],
      'table: | Name | Note | Count |\n| --- | --- | --- |\n| alpha | wraps here | 1 |\n| beta | - | 2 |',
    );
  });

  test('cells without a line between them are one', () => {
    const rules = [
      ...[0, 1, 2, 3].map((line) => horizontal(line, 0, 30)),
      vertical(0, 0, 3),
      vertical(30, 0, 3),
      vertical(10, 1, 3),
      vertical(20, 1, 3),
    ];
    const lines = ['A title over all of it', 'a         b         c', '1         2         3', '', ...filler];
    assert.equal(
      layOut(lines, { rules })[0],
      'table: | A title over all of it |  |  |\n| --- | --- | --- |\n| a | b | c |\n| 1 | 2 | 3 |',
    );
  });

  test('what is drawn inside a cell is text of that cell, and stands nowhere else', () => {
    const outer = [0, 1, 5].map((line) => horizontal(line, 0, 30)).concat([0, 20, 30].map((at) => vertical(at, 0, 5)));
    const inner = [2, 3, 4]
      .map((line) => horizontal(line, 21, 29))
      .concat([21, 25, 29].map((at) => vertical(at, 2, 4)));
    const lines = [
      'Name                Split',
      '',
      'alpha                a   b',
      '                     1   2',
      '',
      ...filler,
    ];
    const blocks = layOut(lines, { rules: [...outer, ...inner] });
    assert.deepEqual(blocks.slice(0, 1), ['table: | Name | Split |\n| --- | --- |\n| alpha | a b 1 2 |']);
    assert.doesNotMatch(blocks.slice(1).join('\n'), /table/);
  });

  test('a frame around text is no table', () => {
    const rules = [horizontal(0, 0, 70), horizontal(4, 0, 70), vertical(0, 0, 4), vertical(70, 0, 4)];
    assert.deepEqual(layOut(filler, { rules }), [`paragraph: ${joined}`]);
  });
});

describe('code', () => {
  test('monospaced lines are code as they stand', () => {
    const lines = [...filler, '', 'if (ready) {', '  start();', '', '}', '', ...filler];
    assert.equal(layOut(lines, { monospaced: [5, 6, 8] })[1], 'code: ```\nif (ready) {\n  start();\n}\n```');
  });

  test('where everything is monospaced nothing is code', () => {
    const found = layOut(filler, { monospaced: [0, 1, 2, 3] });
    assert.deepEqual(found, [`paragraph: ${joined}`]);
  });
});

describe('columns', () => {
  const left = [
    'The left column is read',
    'from its first line to',
    'its last before anything',
    'of the right one is read,',
    'however close they are.',
  ];
  const right = [
    'The right one follows,',
    'and its lines stand on',
    'those of the left, as they',
    'do in a paper that was',
    'typeset with some care.',
  ];
  const beside = left.map((line, index) => line.padEnd(28) + right[index]);
  const one = `paragraph: ${left.join(' ')}`;
  const other = `paragraph: ${right.join(' ')}`;

  test('are read one after the other', () => {
    assert.deepEqual(layOut(beside), [one, other]);
  });

  test('come after what stands over both of them, and before what stands under them', () => {
    assert.deepEqual(layOut([...filler, '', ...beside, '', ...filler]), [
      `paragraph: ${joined}`,
      one,
      other,
      `paragraph: ${joined}`,
    ]);
  });

  test('may be three', () => {
    const middle = [
      'Between them there is a',
      'third, which is neither',
      'left nor right and which',
      'is read after the one and',
      'before the other of them.',
    ];
    const three = left.map((line, index) => line.padEnd(28) + middle[index]?.padEnd(28) + right[index]);
    assert.deepEqual(layOut(three), [one, `paragraph: ${middle.join(' ')}`, other]);
  });

  test('the second may hold no more than the end of the text', () => {
    const first = [
      'The left column of the last page is',
      'full of lines, and it is read before',
      'the two lines that are left for the',
      'right one, although they stand beside',
      'the first of its own lines.',
    ];
    const end = ['And these are the last of them, so', 'that it ends here.'];
    const lines = first.map((line, index) => line.padEnd(42) + (end[index] ?? ''));
    assert.deepEqual(layOut(lines), [`paragraph: ${first.join(' ')}`, `paragraph: ${end.join(' ')}`]);
  });

  test('a table beside nothing is not torn apart', () => {
    const table = [
      'Measurement       Value        Normal range',
      'Pressure          142/88       120/80',
      'Heart rate        78 bpm       60 to 100',
      'Temperature       98.6         97.8 to 99.1',
    ];
    assert.equal(layOut([...filler, '', ...table]).length, 2);
  });
});

test('right-to-left text keeps the order of its source', () => {
  const page = typeset(['אחד שתיים שלוש']);
  // The first word of such a line stands at its right end.
  const places = page.words.map(({ left, right }) => ({ left, right })).reverse();
  const words = page.words.map((word, index) => ({ ...word, ...places[index] }));
  const turned = { ...page, words };
  assert.deepEqual(typed(blocksOfPage(turned, contextOf([turned]), 'text')), ['paragraph: אחד שתיים שלוש']);
});

test('confidence of a block is the mean of its words, and null of text that was read', () => {
  const page = typeset(['one two']);
  const words = page.words.map((word, index) => ({ ...word, confidence: index === 0 ? 0.9 : 0.6 }));
  const recognised = { ...page, words };
  assert.equal(blocksOfPage(recognised, contextOf([recognised]), 'ocr')[0]?.confidence, 0.75);
  assert.equal(blocksOfPage(page, contextOf([page]), 'text')[0]?.confidence, null);
});
