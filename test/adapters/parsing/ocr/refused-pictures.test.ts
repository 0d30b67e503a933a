import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, type TestContext, test } from 'node:test';
import { crc32, deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { defaultParsingLimits } from '../../../../src/adapters/parsing/limits.ts';
import { imageReader } from '../../../../src/adapters/parsing/ocr/image-reader.ts';
import { fileOf, noOptions } from '../../../helpers/parsing.ts';
import { projectPath } from '../../../helpers/project.ts';

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

/** A PNG that says it is this large; there are no pixels to speak of in it. */
function emptyPng(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const pixels = deflateSync(Buffer.alloc(64));
  return Buffer.concat([
    signature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', pixels),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

const inspect = async (t: TestContext, content: Buffer, limits = defaultParsingLimits) =>
  imageReader.inspect(await fileOf(t, content), limits);

async function extract(t: TestContext, content: Buffer): Promise<unknown> {
  const path = await fileOf(t, content);
  return Array.fromAsync(imageReader.extract(path, { from: 1, to: 1 }, noOptions, defaultParsingLimits));
}

const blank = (width: number, height: number): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();

const normal = readFileSync(projectPath('test/fixtures/ocr/normal.png'));

describe('a picture', () => {
  test('of as many pixels as are allowed is read, and of one row more is refused', async (t) => {
    const limits = { ...defaultParsingLimits, maxPixels: 10_000 };
    assert.deepEqual(await inspect(t, await blank(100, 100), limits), { parts: 1, unit: 'page' });
    await assert.rejects(inspect(t, await blank(100, 101), limits), {
      code: 'document_too_large',
      publicMessage: 'The image has 100 x 101 pixels; at most 10000 in all are read.',
    });
  });

  test('that claims more pixels than memory holds is refused by its header', async (t) => {
    const bomb = emptyPng(100_000, 100_000);
    await assert.rejects(inspect(t, bomb), { code: 'document_too_large' });
    await assert.rejects(extract(t, bomb), { code: 'document_too_large' });
  });

  test('that is cut off is refused', async (t) => {
    await assert.rejects(extract(t, normal.subarray(0, normal.length / 2)), { code: 'unprocessable_document' });
  });

  test('whose pixels are missing is refused', async (t) => {
    await assert.rejects(extract(t, emptyPng(500, 500)), { code: 'unprocessable_document' });
  });

  test('of which only the signature is left is refused', async (t) => {
    await assert.rejects(inspect(t, normal.subarray(0, 8)), { code: 'unprocessable_document' });
  });
});
