import sharp, { type Sharp } from 'sharp';

// A page is decoded once: what libvips would remember of it only adds to the memory of the process.
sharp.cache(false);

/** One byte per pixel, 0 black to 255 white, row by row. */
export interface GreyImage {
  width: number;
  height: number;
  pixels: Buffer;
}

const sharpOf = ({ width, height, pixels }: GreyImage): Sharp =>
  sharp(pixels, { raw: { width, height, channels: 1 }, limitInputPixels: false });

export async function greyOf(image: Sharp): Promise<GreyImage> {
  const { data, info } = await image.toColourspace('b-w').raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, pixels: data };
}

/** Scales by `factor`; the picture itself when that is 1. */
export async function scale(
  image: GreyImage,
  factor: number,
  kernel: 'cubic' | 'lanczos3' = 'cubic',
): Promise<GreyImage> {
  if (factor === 1) return image;
  const width = Math.max(1, Math.round(image.width * factor));
  const height = Math.max(1, Math.round(image.height * factor));
  return greyOf(sharpOf(image).resize({ width, height, fit: 'fill', kernel }));
}

/** Turns clockwise by any angle in degrees; the corners that appear are filled with `paper`. */
export async function rotate(image: GreyImage, degrees: number, paper: number): Promise<GreyImage> {
  if (degrees === 0) return image;
  return greyOf(sharpOf(image).rotate(degrees, { background: { r: paper, g: paper, b: paper } }));
}
