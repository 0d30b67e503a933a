import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { createTrimmer, isWhiteSpace, whiteSpaceClass } from '../../../src/core/splitter/white-space.ts';

it('the predicate and the expression name the same 29 characters', () => {
  const expression = new RegExp(`^[${whiteSpaceClass}]$`, 'u');
  const units = Array.from({ length: 0x10000 }, (_, unit) => unit);
  const spaces = units.filter(isWhiteSpace);
  assert.deepEqual(
    spaces,
    units.filter((unit) => expression.test(String.fromCharCode(unit))),
  );
  assert.equal(spaces.length, 29);
});

it('a trimmer answers the same in any order of questions', () => {
  const texts = fc.array(fc.constantFrom(' ', '\n', 'a', '\u00a0'), { maxLength: 30 }).map((parts) => parts.join(''));
  const questions = fc.array(fc.tuple(fc.nat(30), fc.nat(30)), { maxLength: 20 });
  fc.assert(
    fc.property(texts, questions, (text, spans) => {
      const trim = createTrimmer(text);
      for (const [one, other] of spans) {
        const start = Math.min(one, other, text.length);
        const end = Math.min(Math.max(one, other), text.length);
        const content = text.slice(start, end).trim();
        const trimmed = trim(start, end);
        assert.equal(trimmed === null ? '' : text.slice(trimmed.start, trimmed.end), content);
      }
    }),
  );
});
