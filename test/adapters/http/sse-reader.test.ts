import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { readSse } from '../../../src/adapters/http/read-sse.ts';
import { GatewayError } from '../../../src/core/errors.ts';

const isUpstreamError = (error: unknown) => error instanceof GatewayError && error.code === 'upstream_error';

async function* pieces(...texts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield typeof text === 'string' ? Buffer.from(text) : text;
}

function eventsOf(...texts: (string | Uint8Array)[]) {
  return Array.fromAsync(readSse(pieces(...texts)));
}

describe('the reader of server-sent events', () => {
  it('reads names and data', async () => {
    assert.deepEqual(await eventsOf('event: ping\ndata: {"a":1}\n\ndata: two\n\n'), [
      { event: 'ping', data: '{"a":1}' },
      { event: null, data: 'two' },
    ]);
  });

  it('joins lines of data', async () => {
    assert.deepEqual(await eventsOf('data: one\ndata:\ndata:  two\n\n'), [{ event: null, data: 'one\n\n two' }]);
  });

  it('takes every kind of line end', async () => {
    assert.deepEqual(
      (await eventsOf('data: a\r\n\r\ndata: b\r\rdata: c\n\n')).map(({ data }) => data),
      ['a', 'b', 'c'],
    );
  });

  it('passes over comments, unknown fields, events without data and a byte order mark', async () => {
    assert.deepEqual(await eventsOf('\uFEFF: hello\nid: 5\nretry: 9\nevent: empty\n\n:\n\ndata\n\ndata: x\n\n'), [
      { event: null, data: '' },
      { event: null, data: 'x' },
    ]);
  });

  it('leaves out an event that the stream ends within', async () => {
    assert.deepEqual(await eventsOf('data: whole\n\ndata: {"ha'), [{ event: null, data: 'whole' }]);
    assert.deepEqual(await eventsOf('data: whole\n\ndata: line\n'), [{ event: null, data: 'whole' }]);
  });

  it('reads the same wherever the bytes are cut', async () => {
    const text =
      '\uFEFFevent: né\r\ndata: Grüße 🌍\r\n\r\n: comment\rdata: a\rdata: b\r\rdata: 世界\n\nevent: x\ndata: end\n\n';
    const bytes = Buffer.from(text);
    const whole = await eventsOf(bytes);
    assert.equal(whole.length, 4);
    for (let first = 0; first <= bytes.length; first++) {
      const twice = [bytes.subarray(0, first), bytes.subarray(first)];
      assert.deepEqual(await eventsOf(...twice), whole, `cut after ${first} bytes`);
    }
    assert.deepEqual(await eventsOf(...Array.from(bytes, (byte) => Uint8Array.of(byte))), whole);
  });

  it('gives back whatever was written as events, however it is cut', async () => {
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[\r\n\uFEFF]/g, ''));
    const event = fc.record({ event: fc.option(line), lines: fc.array(line, { minLength: 1, maxLength: 3 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(event),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.integer({ min: 1, max: 7 }),
        async (events, end, size) => {
          const text = events.map(({ event: name, lines }) =>
            [...(name === null ? [] : [`event: ${name}`]), ...lines.map((each) => `data: ${each}`), '', ''].join(end),
          );
          const bytes = Buffer.from(text.join(''));
          const cut = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
            bytes.subarray(index * size, (index + 1) * size),
          );
          const expected = events.map(({ event: name, lines }) => ({ event: name, data: lines.join('\n') }));
          assert.deepEqual(await eventsOf(...cut), expected);
        },
      ),
    );
  });

  it('bounds a line and an event', async () => {
    const read = (text: string) => Array.fromAsync(readSse(pieces(text), 100));
    assert.equal((await read(`data: ${'x'.repeat(94)}\n\n`)).length, 1);
    await assert.rejects(read(`data: ${'x'.repeat(95)}`), isUpstreamError);
    assert.equal((await read(`data: ${'x'.repeat(49)}\ndata: ${'x'.repeat(50)}\n\n`)).length, 1);
    await assert.rejects(read(`data: ${'x'.repeat(50)}\ndata: ${'x'.repeat(50)}\n\n`), isUpstreamError);
  });
});
