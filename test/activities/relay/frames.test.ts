import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createFrameCutter } from '../../../src/activities/relay/frames.ts';

const framesOf = (pieces: readonly string[], maxBytes?: number) => {
  const cutter = createFrameCutter(maxBytes);
  const frames = pieces.flatMap((piece) => cutter.cut(Buffer.from(piece)));
  return { frames, isWithin: cutter.isWithin() };
};

test('a frame ends with a blank line of either kind', () => {
  const frames = ['a: 1\n\n', 'b: 2\r\n\r\n', 'c: 3\n\n'];
  assert.deepEqual(framesOf([frames.join('')]), { frames, isWithin: false });
});

test('what is not complete is held until it is', () => {
  assert.deepEqual(framesOf(['a\n\nb']), { frames: ['a\n\n'], isWithin: true });
  assert.deepEqual(framesOf(['a\n\nb', '\n', '\nc', '\r\n\r', '\n']).frames, ['a\n\n', 'b\n\n', 'c\r\n\r\n']);
});

test('it makes no difference to the frames where the pieces end', () => {
  const line = fc.constantFrom('a', 'bb', '\n', '\n\n', '\r\n', '\r\n\r\n');
  fc.assert(
    fc.property(fc.array(fc.array(line)), (pieces) => {
      const texts = pieces.map((lines) => lines.join(''));
      assert.deepEqual(framesOf(texts), framesOf([texts.join('')]));
    }),
  );
});

test('a frame may have as many bytes as it may, and no more', () => {
  assert.deepEqual(framesOf(['abc', 'd\n\n'], 6).frames, ['abcd\n\n']);
  for (const pieces of [['abcde\n\n'], ['abc', 'de\n\n'], ['abcdefg'], ['abcd', 'efg']]) {
    assert.throws(() => framesOf(pieces, 6), { code: 'upstream_error' });
  }
});
