import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { apiKeyRandomBytes, formatApiKey, isWellFormedApiKey, maskApiKey } from '../../src/core/api-key.ts';

const random = fc.uint8Array({ minLength: apiKeyRandomBytes, maxLength: apiKeyRandomBytes });
const key = random.map((bytes) => formatApiKey('live', bytes));
const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

describe('api key', () => {
  it('has the documented form and recognises itself', () => {
    fc.assert(
      fc.property(key, (text) => {
        assert.match(text, /^sk_live_[0-9A-Za-z]{12}_[0-9A-Za-z]{38}$/);
        assert.ok(isWellFormedApiKey(text));
      }),
    );
  });

  it('carries the CRC-32 of what stands before it', () => {
    fc.assert(
      fc.property(key, (text) => {
        const digits = [...text.slice(-6)].map((character) => alphabet.indexOf(character));
        const value = digits.reduce((sum, digit) => sum * 62 + digit, 0);
        assert.equal(value, crc32(text.slice(0, -6)));
      }),
    );
  });

  it('is not recognised after any change of one character', () => {
    const change = fc.tuple(key, fc.nat(), fc.constantFrom(...alphabet, '_', ' ', 'é'));
    fc.assert(
      fc.property(change, ([text, place, character]) => {
        const at = place % text.length;
        fc.pre(text[at] !== character);
        assert.ok(!isWellFormedApiKey(text.slice(0, at) + character + text.slice(at + 1)));
      }),
    );
  });

  it('is not recognised in other text', () => {
    fc.assert(fc.property(fc.string(), (text) => !isWellFormedApiKey(text)));
    const good = formatApiKey('live', randomBytes(apiKeyRandomBytes));
    for (const text of ['', `${good} `, ` ${good}`, good.slice(0, -1), `${good}a`, good.replace('sk_', 'SK_')]) {
      assert.ok(!isWellFormedApiKey(text), JSON.stringify(text));
    }
  });

  it('uses every character about equally often', () => {
    const counts = new Map<string, number>();
    const keys = 2_000;
    for (let made = 0; made < keys; made++) {
      const [, , open = '', secret = ''] = formatApiKey('live', randomBytes(apiKeyRandomBytes)).split('_');
      for (const character of open + secret.slice(0, 32)) counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    const expected = (keys * 44) / 62;
    for (const character of alphabet) {
      const share = (counts.get(character) ?? 0) / expected;
      // Six standard deviations on both sides: 1,419 expected, 38 the deviation.
      assert.ok(share > 0.84 && share < 1.16, `${character} came ${share} times as often as expected`);
    }
  });

  it('takes no fewer random bytes than it needs', () => {
    assert.throws(() => formatApiKey('live', randomBytes(apiKeyRandomBytes - 1)), RangeError);
  });

  it('shows its public part and its end when masked, and nothing of the secret before that', () => {
    fc.assert(
      fc.property(key, (text) => {
        const [prefix, environment, open, secret = ''] = text.split('_');
        assert.equal(maskApiKey(text), `${prefix}_${environment}_${open}…${secret.slice(-4)}`);
      }),
    );
  });
});
