import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { NdjsonReader } from '../../../src/adapters/http/ndjson-reader.ts';
import { GatewayError } from '../../../src/core/errors.ts';

const isUpstreamError = (error: unknown) => error instanceof GatewayError && error.code === 'upstream_error';

describe('the reader of JSON lines', () => {
  function valuesOf(...texts: string[]): unknown[] {
    const reader = new NdjsonReader();
    return [...texts.flatMap((text) => reader.push(Buffer.from(text))), ...reader.end()];
  }

  it('reads one value per line, also without a line end at the end', () => {
    assert.deepEqual(valuesOf('{"a":', '1}\r\n\n[2]\n', '"three"'), [{ a: 1 }, [2], 'three']);
  });

  it('throws upstream_error for a line that is no JSON, as one that was cut', () => {
    assert.throws(() => valuesOf('{"a":1}\n{"a'), isUpstreamError);
  });
});
