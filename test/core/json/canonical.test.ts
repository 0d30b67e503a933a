import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { canonicalJson } from '../../../src/core/json/canonical.ts';

describe('canonical JSON', () => {
  it('is the same whatever the order of keys', () => {
    assert.equal(
      canonicalJson({ b: 1, a: { d: [2, 3], c: null } }),
      canonicalJson({ a: { c: null, d: [2, 3] }, b: 1 }),
    );
  });

  it('differs when the order of a list differs', () => {
    assert.notEqual(canonicalJson([1, 2]), canonicalJson([2, 1]));
  });

  it('keeps the meaning of every JSON value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        assert.deepEqual(JSON.parse(canonicalJson(value)), JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('tells values apart that mean something else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const same = canonicalJson(a) === canonicalJson(b);
        const equal = canonicalJson(JSON.parse(JSON.stringify(a))) === canonicalJson(JSON.parse(JSON.stringify(b)));
        assert.equal(same, equal);
      }),
    );
  });
});
