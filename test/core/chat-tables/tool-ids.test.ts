import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { escapeToolId, unescapeToolId } from '../../../src/core/chat-tables/tool-ids.ts';

const taken = /^[A-Za-z0-9_-]{1,128}$/;

describe('ids of tool calls', () => {
  it('stay as they are where every upstream takes them', () => {
    for (const id of ['call_1', 'toolu_01ABC-x', 'a'.repeat(128)]) assert.equal(escapeToolId(id), id);
  });

  it('are escaped into what every upstream takes, and come back', () => {
    const id = fc.oneof(fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' }), fc.constant('b64_already'));
    fc.assert(
      fc.property(id, (original) => {
        const escaped = escapeToolId(original);
        // Some graphemes are many bytes.
        fc.pre(escaped !== null);
        assert.match(escaped, taken);
        assert.equal(unescapeToolId(escaped), original);
      }),
    );
  });

  it('are escaped up to 93 bytes', () => {
    assert.match(escapeToolId(':'.repeat(93)) ?? '', taken);
    assert.equal(escapeToolId(':'.repeat(94)), null);
  });

  it('that need no escape may have 128 characters', () => {
    assert.equal(escapeToolId('a'.repeat(129)), null);
  });
});
