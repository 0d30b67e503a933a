import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { resolutionFor } from '../../../../src/adapters/parsing/pdf/render.ts';

const maxPixels = 64_000_000;
const letter = { width: 612, height: 792 };

describe('the resolution at which a page is drawn', () => {
  test('is 200 dots per inch for an ordinary page', () => {
    assert.equal(resolutionFor({ ...letter, imageResolution: 0 }, maxPixels), 200);
  });

  test('follows a finer scan up to 300', () => {
    assert.equal(resolutionFor({ ...letter, imageResolution: 240 }, maxPixels), 240);
    assert.equal(resolutionFor({ ...letter, imageResolution: 1_200 }, maxPixels), 300);
  });

  test('never makes a picture of more pixels than are allowed, however large the page', () => {
    const side = fc.double({ min: 1, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(
        side,
        side,
        fc.nat(2_400),
        fc.integer({ min: 1_000, max: maxPixels }),
        (width, height, dpi, limit) => {
          const scale = resolutionFor({ width, height, imageResolution: dpi }, limit) / 72;
          const pixels = Math.floor(width * scale) * Math.floor(height * scale);
          assert.ok(pixels <= limit, `${pixels} pixels`);
          assert.ok(Math.max(width, height) * scale <= 20_000 * (1 + 1e-9), 'longest side');
        },
      ),
    );
  });
});
