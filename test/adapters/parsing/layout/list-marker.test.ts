import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { markerOf } from '../../../../src/adapters/parsing/layout/list-marker.ts';

describe('the marker of a list item', () => {
  test('is a number up to three digits with a point or in brackets', () => {
    fc.assert(
      fc.property(fc.nat(999), fc.constantFrom('#. x', '#) x', '(#) x'), (number, form) => {
        const text = form.replace('#', String(number));
        assert.deepEqual(markerOf(text), { mark: `${number}.`, number, textStart: text.length - 1 });
      }),
    );
  });

  for (const text of ['• item', '•item', '- item', '– item', 'o item', '▪ item']) {
    test(`is the sign that begins '${text}'`, () => {
      assert.deepEqual(markerOf(text), { mark: '-', number: null, textStart: text.indexOf('item') });
    });
  }

  for (const text of ['2024. item', '1.5 tons', '-5 degrees', 'only', '•', '1.', 'a) item', '']) {
    test(`is not seen in '${text}'`, () => {
      assert.equal(markerOf(text), null);
    });
  }
});
