import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import sharp from 'sharp';
import { rowsOf } from '../../../../src/adapters/parsing/layout/segment.ts';
import { stopEngine } from '../../../../src/adapters/parsing/ocr/engine.ts';
import { type GreyImage, greyOf } from '../../../../src/adapters/parsing/ocr/grey-image.ts';
import { recognise, recogniseBlocks } from '../../../../src/adapters/parsing/ocr/recognise.ts';
import { GatewayError } from '../../../../src/core/errors.ts';
import { errorRate, faint, noisy, picture, pictureText, turned } from '../../../helpers/ocr-pictures.ts';

after(stopEngine);

/** Everything that is read, line by line. */
async function textOf(image: GreyImage): Promise<string> {
  const pages = await recognise(image, ['eng']);
  return pages.flatMap((page) => rowsOf(page.words).map((row) => row.map((word) => word.text).join(' '))).join('\n');
}

describe('characters that are read wrongly', () => {
  const cases: [string, () => Promise<GreyImage>, number][] = [
    ['none of a clean picture', () => picture('large'), 0],
    ['none of an ordinary one', () => picture('normal'), 0],
    ['at most 0.42 % of small print', () => picture('small'), 0.0042],
    [
      'at most 0.42 % of a crooked, grainy JPEG',
      async () => noisy(await turned(await picture('normal'), 2), 14),
      0.0042,
    ],
    ['none of a faint copy', async () => faint(await picture('normal')), 0],
    ['at most 2 % at 8 degrees', async () => turned(await picture('normal'), 8), 0.02],
    ['at most 2 % at -8 degrees', async () => turned(await picture('normal'), -8), 0.02],
    ['at most 2 % of small print at 8 degrees', async () => turned(await picture('small'), 8), 0.02],
    ['none of a picture that lies on its right side', async () => turned(await picture('normal'), 90), 0],
    ['none of a picture that stands on its head', async () => turned(await picture('normal'), 180), 0],
    ['none of a picture that lies on its left side', async () => turned(await picture('normal'), 270), 0],
    ['at most 2 % of one that lies, and crookedly', async () => turned(await picture('normal'), 93), 0.02],
    ['none of light text on a dark ground', async () => inverted(await picture('normal')), 0],
  ];
  for (const [name, image, limit] of cases) {
    test(name, async () => {
      const rate = errorRate(pictureText, await textOf(await image()));
      assert.ok(rate <= limit, `error rate ${rate.toFixed(4)}, at most ${limit}`);
    });
  }
});

const inverted = ({ width, height, pixels }: GreyImage): GreyImage => ({
  width,
  height,
  pixels: Buffer.from(pixels.map((pixel) => 255 - pixel)),
});

test('blocks say that they were recognised, and how certainly', async () => {
  const blocks = await recogniseBlocks(await picture('normal'), ['eng']);
  assert.ok(blocks.length > 0);
  for (const { method, confidence } of blocks) {
    assert.equal(method, 'ocr');
    assert.ok(confidence !== null && confidence > 0.8 && confidence <= 1, String(confidence));
  }
});

test('a picture of nothing has no blocks', async () => {
  for (const shade of [0, 128, 255]) {
    const image = { width: 600, height: 400, pixels: Buffer.alloc(600 * 400, shade) };
    assert.deepEqual(await recogniseBlocks(image, ['eng']), []);
  }
});

test('text that runs up the edge comes after the rest, as a block of its own', async () => {
  const main = await picture('normal');
  const stamp = await greyOf(
    sharp(
      await sharp((await picture('large')).pixels, { raw: { width: 1750, height: 652, channels: 1 } })
        // The first line of the picture: "The quick brown fox ..."
        .extract({ left: 60, top: 40, width: 430, height: 70 })
        .png()
        .toBuffer(),
    ),
  );
  const standing = await turned(stamp, 270);
  const page = await sharp(main.pixels, { raw: { width: main.width, height: main.height, channels: 1 } })
    .extend({ left: 160, background: '#fff' })
    .composite([
      {
        input: standing.pixels,
        raw: { width: standing.width, height: standing.height, channels: 1 },
        left: 30,
        top: 20,
      },
    ])
    .png()
    .toBuffer();
  const blocks = await recogniseBlocks(await greyOf(sharp(page)), ['eng']);
  assert.match(blocks.at(-1)?.markdown ?? '', /^The quick/);
  assert.match(
    blocks
      .slice(0, -1)
      .map((block) => block.markdown)
      .join('\n'),
    /^The quick brown fox jumps[\s\S]*to the next\.$/,
  );
});

test('a language whose data is not installed is refused by its name', async () => {
  await assert.rejects(recogniseBlocks(await picture('small'), ['eng', 'tlh']), (error: unknown) => {
    assert.ok(error instanceof GatewayError);
    assert.match(error.publicMessage, /'tlh'/);
    return true;
  });
});

test('a language is a code and no path', async () => {
  await assert.rejects(recogniseBlocks(await picture('small'), ['../../sharp']), /cannot be recognised/);
});
