import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { inkOf } from '../../../../src/adapters/parsing/ocr/ink.ts';
import { maxSkew, measureSkew } from '../../../../src/adapters/parsing/ocr/skew.ts';
import { noisy, picture, turned } from '../../../helpers/ocr-pictures.ts';

const angles = fc.double({ min: -maxSkew, max: maxSkew, noNaN: true });

test('the angle of the lines is found to a fifth of a degree', async () => {
  const upright = await picture('normal');
  await fc.assert(
    fc.asyncProperty(angles, async (angle) => {
      const { degrees } = measureSkew(inkOf(await turned(upright, angle)));
      assert.ok(Math.abs(degrees - angle) <= 0.2, `${degrees} for ${angle}`);
    }),
    { numRuns: 25 },
  );
});

test('so it is in a grainy picture of small print', async () => {
  const upright = await picture('small');
  await fc.assert(
    fc.asyncProperty(angles, async (angle) => {
      const { degrees } = measureSkew(inkOf(await noisy(await turned(upright, angle), 14)));
      assert.ok(Math.abs(degrees - angle) <= 0.2, `${degrees} for ${angle}`);
    }),
    { numRuns: 15 },
  );
});

test('lines stand out in the direction in which they run', async () => {
  const upright = inkOf(await picture('normal'));
  const lying = inkOf(await turned(await picture('normal'), 90));
  assert.ok(measureSkew(upright).clarity > 2 * measureSkew(upright, true).clarity);
  assert.ok(measureSkew(lying, true).clarity > 2 * measureSkew(lying).clarity);
});

test('a picture without ink has no lines', () => {
  const blank = inkOf({ width: 100, height: 100, pixels: Buffer.alloc(10_000, 255) });
  assert.deepEqual(measureSkew(blank), { degrees: 0, clarity: 0 });
});
