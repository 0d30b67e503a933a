import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createSignatures } from '../../../src/adapters/secrets/signatures.ts';

const first = { current: 'the first secret', old: [] };
const text = 'v1.openai-a.payload';

describe('signatures', () => {
  it('verify what they signed, and nothing else', () => {
    const signatures = createSignatures(first, 'reasoning');
    const signature = signatures.sign(text);
    assert.match(signature, /^[\w-]{22}$/);
    assert.equal(signatures.verify(text, signature), true);
    assert.equal(signatures.verify(`${text}x`, signature), false);
    assert.equal(signatures.verify(text, `A${signature.slice(1)}B`), false);
    assert.equal(signatures.verify(text, ''), false);
  });

  it('of an old secret are still good, of an unknown one never', () => {
    const signature = createSignatures(first, 'reasoning').sign(text);
    const rotated = { current: 'the second secret', old: ['the first secret'] };
    assert.equal(createSignatures(rotated, 'reasoning').verify(text, signature), true);
    assert.equal(createSignatures({ ...rotated, old: [] }, 'reasoning').verify(text, signature), false);
  });

  it('for one purpose are no good for another', () => {
    const signature = createSignatures(first, 'reasoning').sign(text);
    assert.equal(createSignatures(first, 'links').verify(text, signature), false);
  });
});
