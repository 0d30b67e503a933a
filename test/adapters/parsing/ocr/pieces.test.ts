import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runsOf } from '../../../../src/adapters/parsing/ocr/ink.ts';
import { piecesOf } from '../../../../src/adapters/parsing/ocr/pieces.ts';

/** Boxes of the connected `#` of a drawing, as `left,top-right,bottom`. */
function boxesOf(rows: readonly string[]): string[] {
  const width = rows[0]?.length ?? 0;
  const ink = Uint8Array.from(rows.join(''), (character) => (character === '#' ? 1 : 0));
  const pieces = piecesOf(runsOf({ width, height: rows.length, ink, paper: 255 }, 1));
  return pieces.map(({ box }) => `${box.left},${box.top}-${box.right},${box.bottom}`).sort();
}

describe('pieces of ink', () => {
  test('are apart when nothing touches', () => {
    assert.deepEqual(boxesOf(['#..#', '....', '#..#']), ['0,0-1,1', '0,2-1,3', '3,0-4,1', '3,2-4,3']);
  });

  test('hold together at a corner', () => {
    assert.deepEqual(boxesOf(['#..', '.#.', '..#']), ['0,0-3,3']);
  });

  test('that meet further down are one', () => {
    assert.deepEqual(boxesOf(['#.#.#', '#.#.#', '#####']), ['0,0-5,3']);
  });

  test('may lie within another', () => {
    assert.deepEqual(boxesOf(['#####', '#...#', '#.#.#', '#...#', '#####']), ['0,0-5,5', '2,2-3,3']);
  });
});
