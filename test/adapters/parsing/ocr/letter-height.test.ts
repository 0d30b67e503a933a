import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inkOf } from '../../../../src/adapters/parsing/ocr/ink.ts';
import { letterHeight } from '../../../../src/adapters/parsing/ocr/letter-height.ts';
import { noisy, picture, type Size } from '../../../helpers/ocr-pictures.ts';

/** DejaVu's small letters are 0.547 em high. */
const xHeight = 0.547;

for (const [size, em] of [
  ['large', 44],
  ['normal', 32],
  ['small', 16],
] as [Size, number][]) {
  test(`small letters of ${em} pixels to the em are measured within a tenth and a pixel`, async () => {
    const height = letterHeight(inkOf(await picture(size)));
    assert.ok(Math.abs(height - xHeight * em) <= 0.1 * xHeight * em + 1, String(height));
  });
}

test('grain does not make letters smaller', async () => {
  const height = letterHeight(inkOf(await noisy(await picture('normal'), 14)));
  assert.ok(Math.abs(height - xHeight * 32) <= 3, String(height));
});

test('a picture without letters has none', () => {
  assert.equal(letterHeight(inkOf({ width: 100, height: 100, pixels: Buffer.alloc(10_000, 255) })), 0);
});
