import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import sharp from 'sharp';
import { drawnLines, erase } from '../../../../src/adapters/parsing/ocr/drawn-lines.ts';
import { type GreyImage, greyOf } from '../../../../src/adapters/parsing/ocr/grey-image.ts';
import { inkOf } from '../../../../src/adapters/parsing/ocr/ink.ts';
import { picture, turned } from '../../../helpers/ocr-pictures.ts';

/** Height of small letters in the picture that is drawn upon. */
const letters = 17;

interface Stroke {
  left: number;
  top: number;
  width: number;
  height: number;
}

/** The picture of ordinary text with black strokes on it. */
async function drawnUpon(strokes: readonly Stroke[]): Promise<GreyImage> {
  const { width, height, pixels } = await picture('normal');
  const composite = strokes.map((stroke) => ({
    input: { create: { width: stroke.width, height: stroke.height, channels: 3 as const, background: '#000' } },
    left: stroke.left,
    top: stroke.top,
  }));
  const drawn = sharp(pixels, { raw: { width, height, channels: 1 } }).composite(composite);
  return greyOf(sharp(await drawn.png().toBuffer()));
}

const linesOf = (image: GreyImage) => drawnLines(inkOf(image, true), letters);
const darkPixels = ({ pixels }: GreyImage): number => pixels.reduce((sum, pixel) => sum + (pixel < 128 ? 1 : 0), 0);

const frame: Stroke[] = [
  { left: 20, top: 10, width: 1230, height: 4 },
  { left: 20, top: 455, width: 1230, height: 4 },
  { left: 20, top: 10, width: 4, height: 449 },
  { left: 1246, top: 10, width: 4, height: 449 },
];

describe('lines drawn on a page', () => {
  test('are none in text', async () => {
    assert.deepEqual(linesOf(await picture('normal')), []);
  });

  test('are found across and down', async () => {
    const rules = linesOf(await drawnUpon(frame)).map(({ rule }) => rule);
    assert.deepEqual(
      rules.map((rule) => rule.horizontal),
      [true, true, false, false],
    );
  });

  test('are found when they are not quite straight', async () => {
    const crooked = await turned(await drawnUpon(frame), 0.4);
    assert.equal(linesOf(crooked).length, 4);
  });

  test('are no bars, which are thicker than letters', async () => {
    assert.deepEqual(linesOf(await drawnUpon([{ left: 20, top: 440, width: 1200, height: 30 }])), []);
  });

  test('are no strokes that are about as long as letters', async () => {
    assert.deepEqual(linesOf(await drawnUpon([{ left: 30, top: 450, width: 2 * letters, height: 3 }])), []);
  });

  test('leave only the text when they are erased', async () => {
    const drawn = await drawnUpon(frame);
    const left = darkPixels(erase(drawn, linesOf(drawn), 255)) - darkPixels(await picture('normal'));
    assert.ok(Math.abs(left) < 20, `${left} dark pixels more than the text has`);
  });
});
