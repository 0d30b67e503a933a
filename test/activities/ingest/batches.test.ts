import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { batchesOf, batchSize, maxBatchBytes, maxChunkBytes } from '../../../src/activities/ingest/batches.ts';
import type { Section } from '../../../src/activities/ingest/sections.ts';
import type { BatchChunk } from '../../../src/adapters/mongo/library-record.ts';
import { createTextSplitter, defaultTextSplitterLimits } from '../../../src/adapters/parsing/text-splitter.ts';
import { GatewayError } from '../../../src/core/errors.ts';
import type { SplitterSettings } from '../../../src/core/splitter/settings.ts';

const mebibyte = 1024 * 1024;
const never = new AbortController().signal;
const textSplitter = createTextSplitter(defaultTextSplitterLimits);
const generous = { maxChunks: 1_000_000, maxChunkTextBytes: 1024 * mebibyte };

function buildSettings(changes: Partial<SplitterSettings> = {}): SplitterSettings {
  return {
    chunkSize: 5,
    chunkMinSize: 0,
    chunkOverlap: 0,
    separators: [],
    isSeparatorRegex: false,
    preset: 'markdown',
    disableChunking: false,
    ...changes,
  };
}

/** Sections of one part each, which follow each other as those of a document do. */
async function* sectionsFrom(texts: readonly string[]): AsyncIterable<Section> {
  let start = 0;
  for (const [index, text] of texts.entries()) {
    yield { text, start, parts: [{ number: index + 1, start: 0 }] };
    start += text.length + 2;
  }
}

async function batches(
  texts: readonly string[],
  settings: Partial<SplitterSettings> = {},
  limits: Partial<typeof generous> = {},
): Promise<BatchChunk[][]> {
  const splitter = await textSplitter.open(buildSettings(settings), never);
  try {
    const all = batchesOf(sectionsFrom(texts), splitter, { source: 'test' }, { ...generous, ...limits }, never);
    return await Array.fromAsync(all);
  } finally {
    await splitter.close();
  }
}

async function refusal(act: Promise<unknown>): Promise<GatewayError> {
  try {
    await act;
  } catch (thrown) {
    if (thrown instanceof GatewayError) return thrown;
    throw thrown;
  }
  return assert.fail('was accepted');
}

const words = (count: number) => Array<string>(count).fill('word').join(' ');

describe('batches of chunks', () => {
  it('number the chunks of all sections from 0 and say where each comes from', async () => {
    const texts = ['alpha beta', 'gamma'];
    const whole = texts.join('\n\n');
    const chunks = (await batches(texts)).flat();
    assert.deepEqual(
      chunks.map(({ id, content, source }) => [id, content, source?.fromPart, source?.toPart]),
      [
        [0, 'alpha', 1, 1],
        [1, 'beta', 1, 1],
        [2, 'gamma', 2, 2],
      ],
    );
    for (const { content, source, metadata } of chunks) {
      assert.equal(whole.slice(source?.start, source?.end), content);
      assert.deepEqual(metadata, { source: 'test' });
    }
  });

  it('are full but for the last one, and none is empty', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(3 * batchSize), async (count) => {
        const sizes = (await batches([words(count)])).map((batch) => batch.length);
        assert.equal(
          sizes.reduce((sum, size) => sum + size, 0),
          count,
        );
        for (const size of sizes.slice(0, -1)) assert.equal(size, batchSize);
        assert.ok(sizes.every((size) => size > 0 && size <= batchSize));
      }),
    );
  });

  it('leave out chunks of white space', async () => {
    const chunks = (await batches([`a${' '.repeat(20)}b`], { separators: ['a'] })).flat();
    assert.deepEqual(
      chunks.map(({ id, content }) => [id, content.trim()]),
      [[0, 'a                    b']],
    );
    assert.deepEqual(await batches([' '.repeat(20)], { disableChunking: true }), []);
  });

  it('end before their text is too much for one record of the store', async () => {
    const texts = Array<string>(5).fill('é'.repeat(mebibyte));
    const sizes = (await batches(texts, { disableChunking: true })).map((batch) =>
      batch.reduce((sum, { content }) => sum + Buffer.byteLength(content), 0),
    );
    assert.deepEqual(sizes, [maxBatchBytes, 2 * mebibyte]);
  });

  it('hold a chunk of the greatest size and refuse one that is larger', async () => {
    const whole = { disableChunking: true };
    assert.equal((await batches(['a'.repeat(maxChunkBytes)], whole)).length, 1);
    const error = await refusal(batches(['a'.repeat(maxChunkBytes + 1)], whole));
    assert.equal(error.code, 'document_too_large');
    assert.match(error.publicMessage, /15728641 bytes, at most 15728640/);
  });

  it('hold the greatest number of chunks of a document and refuse one more', async () => {
    const texts = [words(3), words(2)];
    assert.equal((await batches(texts, {}, { maxChunks: 5 })).flat().length, 5);
    const error = await refusal(batches(texts, {}, { maxChunks: 4 }));
    assert.equal(error.code, 'document_too_large');
    assert.match(error.publicMessage, /more than 4 chunks/);
  });

  it('hold the greatest amount of text and refuse one byte more', async () => {
    const texts = ['é', 'bc'];
    assert.equal((await batches(texts, {}, { maxChunkTextBytes: 4 })).flat().length, 2);
    const error = await refusal(batches(texts, {}, { maxChunkTextBytes: 3 }));
    assert.equal(error.code, 'document_too_large');
    assert.match(error.publicMessage, /more than 3 bytes together/);
  });

  it('count text that overlapping chunks repeat each time', async () => {
    const overlapping = { separators: [''], chunkSize: 100, chunkOverlap: 99 };
    const error = await refusal(batches(['a'.repeat(1_000)], overlapping, { maxChunkTextBytes: 10_000 }));
    assert.match(error.publicMessage, /chunk_overlap/);
  });
});
