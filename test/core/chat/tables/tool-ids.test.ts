import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { escapeToolId } from '../../../../src/core/chat/tables/tool-ids.ts';

const taken = /^[A-Za-z0-9_-]{1,128}$/;

describe('ids of tool calls', () => {
  it('stay as they are where every upstream takes them', () => {
    for (const id of ['call_1', 'toolu_01ABC-x', 'a'.repeat(128)]) assert.equal(escapeToolId(id), id);
  });

  it('are escaped into what every upstream takes, each in its own way', () => {
    const few = fc.string({ minLength: 1, maxLength: 2, unit: fc.constantFrom(':', '/', '?', '>', 'é') });
    const many = fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' });
    const ids = fc.uniqueArray(fc.oneof(few, many, fc.constantFrom('b64_already', 'b64_Og', ':')));
    fc.assert(
      fc.property(ids, (originals) => {
        // Some graphemes are so many bytes that they are not taken.
        const escaped = originals.flatMap((original) => escapeToolId(original) ?? []);
        for (const id of escaped) assert.match(id, taken);
        assert.equal(new Set(escaped).size, escaped.length);
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
