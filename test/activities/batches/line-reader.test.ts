import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type FileLine, readLines } from '../../../src/activities/batches/line-reader.ts';
import { grouped } from '../../../src/activities/batches/units.ts';
import { GatewayError } from '../../../src/core/errors.ts';

const whole = { offset: 0, line: 1, maxLineBytes: 1_000 };

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.byteLength; from += size) yield bytes.subarray(from, from + size);
}

async function read(text: string, size = 7, start = whole): Promise<FileLine[]> {
  return Array.fromAsync(readLines(inPieces(Buffer.from(text), size), start));
}

const textOf = ({ bytes }: FileLine) => Buffer.from(bytes).toString('utf8');
const line = fc.string({ unit: 'binary' }).map((text) => `.${text.replaceAll(/[\n\r]/g, '')}`);

describe('lines of a file', () => {
  it('are the same however the file comes in pieces', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(line), fc.integer({ min: 1, max: 20 }), fc.boolean(), async (lines, size, isClosed) => {
        const text = lines.join('\n') + (isClosed ? '\n' : '');
        assert.deepEqual(
          (await read(text, size)).map(textOf),
          lines.map((one) => Buffer.from(one).toString('utf8')),
        );
      }),
    );
  });

  it('tell where they are, so that any run of them can be read by itself', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(line, fc.constant('')), { minLength: 1 }), fc.nat(), async (lines, seed) => {
        const bytes = Buffer.from(lines.join('\n'));
        const all = await Array.fromAsync(readLines(inPieces(bytes, 5), whole));
        const first = all[seed % Math.max(1, all.length)];
        if (!first) return;
        const start = { offset: first.from, line: first.number, maxLineBytes: 1_000 };
        const rest = await Array.fromAsync(readLines(inPieces(bytes.subarray(first.from), 3), start));
        assert.deepEqual(rest, all.slice(all.indexOf(first)));
      }),
    );
  });

  it('are counted with the empty ones, which are left out', async () => {
    const lines = await read('a\n\n \t\r\nb\r\n');
    assert.deepEqual(
      lines.map((one) => [one.number, textOf(one)]),
      [
        [1, 'a'],
        [4, 'b'],
      ],
    );
  });

  it('begin behind a byte order mark', async () => {
    assert.deepEqual((await read('\uFEFFa\nb')).map(textOf), ['a', 'b']);
  });

  it('have at most so many bytes', async () => {
    const start = { ...whole, maxLineBytes: 4 };
    assert.equal((await read('abcd\nab', 3, start)).length, 2);
    for (const text of ['abcde\nab', 'ab\nabcde']) {
      await assert.rejects(
        read(text, 3, start),
        (error: GatewayError) => error instanceof GatewayError && error.code === 'body_too_large',
      );
    }
  });

  it('are grouped the same way each time, full at either bound', async () => {
    const lines = await read(['a', 'b', 'c', 'long line', 'd', 'e'].join('\n'));
    async function* again(): AsyncGenerator<FileLine> {
      yield* lines;
    }
    const groups = await Array.fromAsync(grouped(again(), { lines: 2, bytes: 5 }));
    assert.deepEqual(
      groups.map((group) => group.map(textOf)),
      [['a', 'b'], ['c'], ['long line'], ['d', 'e']],
    );
  });
});
