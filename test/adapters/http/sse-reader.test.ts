import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SseReader } from '../../../src/adapters/http/sse-reader.ts';
import { GatewayError } from '../../../src/core/errors.ts';

const isUpstreamError = (error: unknown) => error instanceof GatewayError && error.code === 'upstream_error';

function read(reader: SseReader, texts: readonly (string | Uint8Array)[]) {
  const pieces = texts.map((text) => (typeof text === 'string' ? Buffer.from(text) : text));
  return [...pieces.flatMap((piece) => reader.push(piece)), ...reader.end()];
}

const eventsOf = (...texts: (string | Uint8Array)[]) => read(new SseReader(), texts);

describe('the reader of server-sent events', () => {
  it('reads names and data', () => {
    assert.deepEqual(eventsOf('event: ping\ndata: {"a":1}\n\ndata: two\n\n'), [
      { event: 'ping', data: '{"a":1}' },
      { event: null, data: 'two' },
    ]);
  });

  it('joins lines of data', () => {
    assert.deepEqual(eventsOf('data: one\ndata:\ndata:  two\n\n'), [{ event: null, data: 'one\n\n two' }]);
  });

  it('takes every kind of line end', () => {
    assert.deepEqual(
      eventsOf('data: a\r\n\r\ndata: b\r\rdata: c\n\n').map(({ data }) => data),
      ['a', 'b', 'c'],
    );
  });

  it('passes over comments, unknown fields, events without data and a byte order mark', () => {
    assert.deepEqual(eventsOf('\uFEFF: hello\nid: 5\nretry: 9\nevent: empty\n\n:\n\ndata\n\ndata: x\n\n'), [
      { event: null, data: '' },
      { event: null, data: 'x' },
    ]);
  });

  it('leaves out an event that the stream ends within', () => {
    assert.deepEqual(eventsOf('data: whole\n\ndata: {"ha'), [{ event: null, data: 'whole' }]);
    assert.deepEqual(eventsOf('data: whole\n\ndata: line\n'), [{ event: null, data: 'whole' }]);
  });

  it('reads the same wherever the bytes are cut', () => {
    const text =
      '\uFEFFevent: né\r\ndata: Grüße 🌍\r\n\r\n: comment\rdata: a\rdata: b\r\rdata: 世界\n\nevent: x\ndata: end\n\n';
    const bytes = Buffer.from(text);
    const whole = eventsOf(bytes);
    assert.equal(whole.length, 4);
    for (let first = 0; first <= bytes.length; first++) {
      const twice = [bytes.subarray(0, first), bytes.subarray(first)];
      assert.deepEqual(eventsOf(...twice), whole, `cut after ${first} bytes`);
    }
    assert.deepEqual(eventsOf(...Array.from(bytes, (byte) => Uint8Array.of(byte))), whole);
  });

  it('gives back whatever was written as events, however it is cut', () => {
    const line = fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[\r\n\uFEFF]/g, ''));
    const event = fc.record({ event: fc.option(line), lines: fc.array(line, { minLength: 1, maxLength: 3 }) });
    fc.assert(
      fc.property(
        fc.array(event),
        fc.constantFrom('\n', '\r\n', '\r'),
        fc.integer({ min: 1, max: 7 }),
        (events, end, size) => {
          const text = events.map(({ event: name, lines }) =>
            [...(name === null ? [] : [`event: ${name}`]), ...lines.map((each) => `data: ${each}`), '', ''].join(end),
          );
          const bytes = Buffer.from(text.join(''));
          const cut = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
            bytes.subarray(index * size, (index + 1) * size),
          );
          const expected = events.map(({ event: name, lines }) => ({ event: name, data: lines.join('\n') }));
          assert.deepEqual(eventsOf(...cut), expected);
        },
      ),
    );
  });

  it('bounds a line and an event', () => {
    const bounded = (text: string) => read(new SseReader(100), [text]);
    assert.equal(bounded(`data: ${'x'.repeat(94)}\n\n`).length, 1);
    assert.throws(() => bounded(`data: ${'x'.repeat(95)}`), isUpstreamError);
    assert.equal(bounded(`data: ${'x'.repeat(49)}\ndata: ${'x'.repeat(50)}\n\n`).length, 1);
    assert.throws(() => bounded(`data: ${'x'.repeat(50)}\ndata: ${'x'.repeat(50)}\n\n`), isUpstreamError);
  });
});
