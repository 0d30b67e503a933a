import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import sharp from 'sharp';
import { defaultParsingLimits } from '../../../../src/adapters/parsing/limits.ts';
import { stopEngine } from '../../../../src/adapters/parsing/ocr/engine.ts';
import { imageReader } from '../../../../src/adapters/parsing/ocr/image-reader.ts';
import { picturePath, pictureText } from '../../../helpers/ocr-pictures.ts';
import { fileOf, readParts } from '../../../helpers/parsing.ts';

after(stopEngine);

const words = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

type Test = Parameters<typeof fileOf>[0];

async function textOf(t: Test, image: Buffer): Promise<string> {
  const parts = await readParts(imageReader, await fileOf(t, image));
  return words(parts.flatMap(({ blocks }) => blocks.map((block) => block.markdown)).join(' '));
}

const source = () => sharp(picturePath('normal'));

describe('a picture of text is read whatever its format', () => {
  const formats: Record<string, () => Promise<Buffer>> = {
    PNG: () => source().png().toBuffer(),
    'PNG of 16 bits': () => source().toColourspace('grey16').png().toBuffer(),
    'PNG with a transparent ground': () =>
      source()
        .ensureAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true })
        .then(({ data, info }) => {
          // What is white becomes transparent black.
          for (let at = 0; at < data.length; at += 4) if ((data[at] ?? 0) > 250) data.fill(0, at, at + 4);
          return sharp(data, { raw: { width: info.width, height: info.height, channels: 4 } })
            .png()
            .toBuffer();
        }),
    JPEG: () => source().jpeg().toBuffer(),
    'JPEG in CMYK': () => source().toColourspace('cmyk').jpeg().toBuffer(),
    WebP: () => source().webp().toBuffer(),
    TIFF: () => source().tiff().toBuffer(),
    GIF: () => source().gif().toBuffer(),
    AVIF: () => source().avif().toBuffer(),
  };
  for (const [name, make] of Object.entries(formats)) {
    test(name, async (t) => {
      assert.equal(await textOf(t, await make()), words(pictureText));
    });
  }
});

test('a camera may have noted that it was held sideways', async (t) => {
  const sideways = await source().rotate(270).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  assert.equal(await textOf(t, sideways), words(pictureText));
});

test('a picture is one part', async () => {
  const count = await imageReader.inspect(picturePath('small'), defaultParsingLimits);
  assert.deepEqual(count, { parts: 1, unit: 'page' });
});

test('every page of a TIFF is a part', async (t) => {
  const page = { create: { width: 40, height: 30, channels: 3 as const, background: '#fff' } };
  const pages = await Promise.all([1, 2, 3].map(() => sharp(page).png().toBuffer()));
  const path = await fileOf(
    t,
    await sharp(pages, { join: { animated: true } })
      .tiff()
      .toBuffer(),
  );
  assert.equal((await imageReader.inspect(path, defaultParsingLimits)).parts, 3);
  assert.deepEqual(
    (await readParts(imageReader, path)).map(({ number, blocks }) => [number, blocks.length]),
    [
      [1, 0],
      [2, 0],
      [3, 0],
    ],
  );
});

test('the frames of an animation are one picture', async (t) => {
  const frame = { create: { width: 40, height: 30, channels: 3 as const, background: '#fff' } };
  const frames = await Promise.all(
    ['#fff', '#eee'].map((background) =>
      sharp({ create: { ...frame.create, background } })
        .png()
        .toBuffer(),
    ),
  );
  const path = await fileOf(
    t,
    await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer(),
  );
  assert.equal((await imageReader.inspect(path, defaultParsingLimits)).parts, 1);
});
