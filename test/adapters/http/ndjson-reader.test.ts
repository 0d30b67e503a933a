import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readNdjson } from '../../../src/adapters/http/read-ndjson.ts';
import { GatewayError } from '../../../src/core/errors.ts';

const isUpstreamError = (error: unknown) => error instanceof GatewayError && error.code === 'upstream_error';

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

describe('the reader of JSON lines', () => {
  const valuesOf = (...texts: string[]) => Array.fromAsync(readNdjson(pieces(...texts)));

  it('reads one value per line, also without a line end at the end', async () => {
    assert.deepEqual(await valuesOf('{"a":', '1}\r\n\n[2]\n', '"three"'), [{ a: 1 }, [2], 'three']);
  });

  it('throws upstream_error for a line that is no JSON, as one that was cut', async () => {
    await assert.rejects(valuesOf('{"a":1}\n{"a'), isUpstreamError);
  });
});
