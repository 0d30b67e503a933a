import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { GatewayError } from '../../src/core/errors.ts';
import { readTextLine } from '../../src/core/text-line.ts';

const limits = { maxJsonDepth: 64, maxJsonNodes: 100 };
const read = (text: string, maxBytes = 10_000) => readTextLine(new TextEncoder().encode(text), maxBytes, limits);
const refused = (code: string) => (error: unknown) => error instanceof GatewayError && error.code === code;

describe('a line of a file of texts', () => {
  it('is a text, with or without a name for it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.option(fc.string()), (text, id) => {
        assert.deepEqual(read(JSON.stringify(text)), { id: null, text, metadata: null });
        assert.deepEqual(read(JSON.stringify({ id, text })), { id, text, metadata: null });
      }),
    );
  });

  it('has metadata as a chunk has it', () => {
    assert.deepEqual(read('{"text":"a","metadata":{"page":3}}').metadata, { page: 3 });
    assert.throws(() => read('{"text":"a","metadata":{"page":[3]}}'), refused('invalid_request'));
  });

  for (const line of [
    '""',
    '{"text":""}',
    '{"id":"a"}',
    '{"text":"a","other":1}',
    '7',
    '["a"]',
    '{"id":1,"text":"a"}',
  ]) {
    it(`is not ${line}`, () => void assert.throws(() => read(line), refused('invalid_request')));
  }

  it('is JSON', () => void assert.throws(() => read('plain text'), refused('malformed_body')));

  it('has at most so many bytes', () => {
    const line = JSON.stringify('äöü');
    const bytes = new TextEncoder().encode(line).byteLength;
    assert.equal(read(line, bytes).text, 'äöü');
    assert.throws(() => read(line, bytes - 1), refused('invalid_request'));
  });
});
