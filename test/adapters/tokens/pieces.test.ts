import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { maxPieceUnits, piecesOf } from '../../../src/adapters/tokens/pieces.ts';

const texts = fc
  .array(fc.string({ unit: fc.constantFrom(' ', 'é', 'word', '👍'), maxLength: 200 }), { maxLength: 5 })
  .map((parts) => parts.join(' '));

describe('the pieces that tokens are counted in', () => {
  it('are the text, none of them longer than what is counted quickly', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const pieces = [...piecesOf(text)];
        assert.equal(pieces.join(''), text);
        for (const { length } of pieces) assert.ok(length > 0 && length <= maxPieceUnits, String(length));
      }),
    );
  });

  it('are no longer where a word is unbroken', () => {
    const lengths = [...piecesOf('é'.repeat(2 * maxPieceUnits + 1))].map(({ length }) => length);
    assert.deepEqual(lengths, [maxPieceUnits, maxPieceUnits, 1]);
  });

  it('end before a space where there is one', () => {
    const word = 'a'.repeat(maxPieceUnits - 1);
    assert.deepEqual([...piecesOf(`${word} ${word}`)], [word, ` ${word}`]);
  });
});
