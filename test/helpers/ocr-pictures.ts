/** The committed pictures of one text, and what can be made of them: noise, weak contrast, turns. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { type GreyImage, greyOf } from '../../src/adapters/parsing/ocr/grey-image.ts';

const folder = join(import.meta.dirname, '../fixtures/ocr');

/** Height of the letters' em: 44, 32 or 16 pixels. */
export type Size = 'large' | 'normal' | 'small';

export const picturePath = (size: Size): string => join(folder, `${size}.png`);

/** What the pictures say, line by line. */
export const pictureText = readFileSync(join(folder, 'text.txt'), 'utf8').trim();

export const picture = (size: Size): Promise<GreyImage> => greyOf(sharp(picturePath(size)));

const rawOf = ({ width, height, pixels }: GreyImage) => sharp(pixels, { raw: { width, height, channels: 1 } });

/** Turned clockwise by this many degrees. */
export const turned = (image: GreyImage, degrees: number): Promise<GreyImage> =>
  greyOf(rawOf(image).rotate(degrees, { background: '#fff' }));

/** Dark grey on light grey. */
export const faint = (image: GreyImage): Promise<GreyImage> => greyOf(rawOf(image).linear(0.2, 150));

/** The same numbers at every run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Grain of this standard deviation, and the marks of a JPEG of poor quality. */
export async function noisy(image: GreyImage, deviation: number): Promise<GreyImage> {
  const random = randomNumbers(7);
  const pixels = Buffer.from(
    image.pixels.map((pixel) => {
      const normal = (random() + random() + random() + random() - 2) * Math.sqrt(3);
      return Math.max(0, Math.min(255, pixel + normal * deviation));
    }),
  );
  return greyOf(
    sharp(
      await rawOf({ ...image, pixels })
        .jpeg({ quality: 40 })
        .toBuffer(),
    ),
  );
}

/** Character error rate: edits that make `found` of `expected`, per character of it. */
export function errorRate(expected: string, found: string): number {
  const [a, b] = [[...expected], [...found]];
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  a.forEach((character, row) => {
    const current = [row + 1];
    b.forEach((other, column) => {
      const replaced = (above[column] ?? 0) + (character === other ? 0 : 1);
      current.push(Math.min((above[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1, replaced));
    });
    above = current;
  });
  return (above.at(-1) ?? 0) / a.length;
}
