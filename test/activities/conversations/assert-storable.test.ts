import assert from 'node:assert/strict';
import { it } from 'node:test';
import { assertStorable } from '../../../src/activities/conversations/assert-storable.ts';

const maxBytes = 12 * 1024 * 1024;
const small = { type: 'message', id: 'a', content: '' };

/** An item of so many bytes as JSON. */
function itemOf(bytes: number) {
  return { ...small, content: 'x'.repeat(bytes - JSON.stringify(small).length) };
}

it('an item that has room in a record can be kept', () => {
  assertStorable([small, itemOf(maxBytes)], 'items');
});

it('one byte more is refused, by its place', () => {
  assert.throws(() => assertStorable([small, itemOf(maxBytes + 1)], 'items'), {
    code: 'body_too_large',
    param: 'items[1]',
  });
});
