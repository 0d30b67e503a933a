import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { DraftBlock } from '../../../../src/adapters/parsing/layout/blocks.ts';
import { contextOf } from '../../../../src/adapters/parsing/layout/document-layout.ts';
import { layOut } from '../../../../src/adapters/parsing/layout/layout.ts';
import type { PositionedPage, Word } from '../../../../src/adapters/parsing/layout/page.ts';

const width = 612;
const height = 792;

/** Words anywhere on a page, on top of each other too, of a few sizes: no page is like this, and none is worse. */
const wordAnywhere = fc
  .record({
    text: fc.constantFrom('a', 'Total', '12.50', '•', '3.', '-', 'harbour', 'ship-', '....', '|', '#', '(4)', 'שלום'),
    left: fc.integer({ min: 0, max: width }),
    baseline: fc.integer({ min: 0, max: height }),
    size: fc.constantFrom(6, 10, 10, 10, 18),
    bold: fc.boolean(),
    monospaced: fc.boolean(),
  })
  .map(({ text, left, baseline, size, ...font }) => ({
    ...font,
    text,
    left,
    right: left + text.length * size * 0.5,
    top: baseline - 0.75 * size,
    bottom: baseline + 0.23 * size,
    baseline,
    size,
    confidence: null,
  }));

const lineAnywhere = fc
  .record({
    horizontal: fc.boolean(),
    left: fc.integer({ min: 0, max: width }),
    top: fc.integer({ min: 0, max: height }),
    length: fc.integer({ min: 1, max: width }),
  })
  .map(({ horizontal, left, top, length }) => ({
    horizontal,
    left,
    top,
    right: left + (horizontal ? length : 1),
    bottom: top + (horizontal ? 1 : length),
  }));

/** A grid of lines at any distances: tables, tables inside of tables, tables across each other. */
const gridAnywhere = fc
  .record({
    xs: fc.array(fc.integer({ min: 0, max: width }), { minLength: 2, maxLength: 6 }),
    ys: fc.array(fc.integer({ min: 0, max: height }), { minLength: 2, maxLength: 8 }),
  })
  .map(({ xs, ys }) => {
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    return [
      ...ys.map((y) => ({ horizontal: true, left, right, top: y, bottom: y })),
      ...xs.map((x) => ({ horizontal: false, left: x, right: x, top, bottom })),
    ];
  });

const anyPage: fc.Arbitrary<PositionedPage> = fc
  .record({
    words: fc.array(wordAnywhere, { maxLength: 60 }),
    lines: fc.array(lineAnywhere, { maxLength: 10 }),
    grids: fc.array(gridAnywhere, { maxLength: 3 }),
  })
  .map(({ words, lines, grids }) => ({
    width,
    height,
    words: words.map((word, order) => ({ ...word, order })),
    rules: [...lines, ...grids.flat()],
    aside: false,
  }));

function layOutAlone(page: PositionedPage): DraftBlock[] {
  const { style, vocabulary } = contextOf([page]);
  return layOut(page, style, vocabulary);
}

describe('the layout of any page', () => {
  test('puts no word in two blocks, nor makes one up', () => {
    fc.assert(
      fc.property(anyPage, (page) => {
        const placed = layOutAlone(page).flatMap((block) => [...block.words]);
        assert.equal(new Set(placed).size, placed.length, 'a word is in two blocks');
        assert.ok(placed.every((word) => page.words.includes(word)));
      }),
    );
  });

  test('leaves no word out', () => {
    fc.assert(
      fc.property(anyPage, (page) => {
        const placed = new Set<Word>(layOutAlone(page).flatMap((block) => [...block.words]));
        assert.deepEqual(
          page.words.filter((word) => !placed.has(word)),
          [],
        );
      }),
    );
  });

  test('yields blocks of text without blank lines around them', () => {
    fc.assert(
      fc.property(anyPage, (page) => {
        for (const { markdown } of layOutAlone(page)) {
          assert.notEqual(markdown, '');
          assert.doesNotMatch(markdown, /^\s*\n|\n\s*$/);
        }
      }),
    );
  });
});
