import sharp, { type Metadata, type Sharp } from 'sharp';
import { assertThat, GatewayError } from '../../../core/errors.ts';
import { type GreyImage, greyOf } from './grey-image.ts';

/** More pixels than this tell the engine nothing and cost it minutes: larger pictures are reduced to it. */
const maxRecognisedPixels = 16_000_000;
const timeoutSeconds = 10;

function refuse(thrown: unknown): never {
  if (thrown instanceof GatewayError) throw thrown;
  const message = 'The image could not be decoded: it is damaged, or of a kind that is not read here.';
  throw new GatewayError('unprocessable_document', message, { cause: thrown });
}

/** The header of an image, with its size checked before anything is decoded. */
export async function readHeader(path: string, maxPixels: number): Promise<Metadata> {
  const header = await sharp(path, { limitInputPixels: false, failOn: 'error' }).metadata().catch(refuse);
  const { width, height } = header;
  const message = `The image has ${width} x ${height} pixels; at most ${maxPixels} in all are read.`;
  assertThat(width * height <= maxPixels, 'document_too_large', message);
  return header;
}

function reduced(image: Sharp, { width, height }: Metadata): Sharp {
  const factor = Math.sqrt(maxRecognisedPixels / (width * height));
  return factor >= 1 ? image : image.resize({ width: Math.floor(width * factor), fit: 'inside' });
}

/** Decodes one page of an image (`page` counts from 0), upright as its camera noted, on white where it is transparent. */
export async function decodeImage(path: string, page: number, maxPixels: number): Promise<GreyImage> {
  const header = await readHeader(path, maxPixels);
  const image = sharp(path, { limitInputPixels: maxPixels, failOn: 'error', page, pages: 1 })
    .timeout({ seconds: timeoutSeconds })
    .autoOrient()
    .flatten({ background: '#fff' });
  return greyOf(reduced(image, header)).catch(refuse);
}
