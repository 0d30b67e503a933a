import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { headOf, looksLikeEnvelope, readEnvelope } from '../../../src/core/chat/reasoning-envelope.ts';

describe('envelope of a signature', () => {
  it('gives back what was put in, whatever that is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (payload) => {
        const head = headOf('openai-a_B-9', payload);
        const read = readEnvelope(`${head}.mac-of_22`);
        assert.deepEqual(read, { head, origin: 'openai-a_B-9', payload, mac: 'mac-of_22' });
      }),
    );
  });

  for (const text of ['', 'CiQ...native', 'v1.', 'v1.openai-a', 'v1.openai-a.payload', 'v2.openai-a.payload.mac']) {
    it(`is not read from ${JSON.stringify(text)}`, () => assert.equal(readEnvelope(text), null));
  }

  it('is meant by everything with its mark', () => {
    assert.equal(looksLikeEnvelope('v1.cut'), true);
    assert.equal(looksLikeEnvelope('EqoBCkYIAxgC'), false);
  });
});
