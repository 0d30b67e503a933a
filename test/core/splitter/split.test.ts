import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { GatewayError } from '../../../src/core/errors.ts';
import { splitsPair } from '../../../src/core/splitter/code-points.ts';
import { everyCodePoint, literalMatcher } from '../../../src/core/splitter/matcher.ts';
import { type Span, type SplitOptions, splitText } from '../../../src/core/splitter/split.ts';
import { isWhiteSpace } from '../../../src/core/splitter/white-space.ts';

const letters = ['a', 'b', 'é', '😀', '\ud83d', '\ude00', ' ', ' ', '\n', '\n\n', '\t', '\u00a0', '.', ',', '漢'];
const texts = fc.array(fc.constantFrom(...letters), { maxLength: 120 }).map((parts) => parts.join(''));
const literals = fc.subarray(['\n', ' ', '.', ',']);
const sizes = fc
  .tuple(fc.integer({ min: 1, max: 30 }), fc.nat(30), fc.nat(30))
  .map(([chunkSize, overlap, minSize]) => ({
    chunkSize,
    chunkOverlap: Math.min(overlap, chunkSize),
    chunkMinSize: Math.min(minSize, chunkSize),
  }));

const cuttable = fc.record({ text: texts, sizes, literals }).map(({ text, sizes, literals }) => ({
  text,
  options: { ...sizes, separators: [...literals.map(literalMatcher), everyCodePoint] },
}));

describe('splitText', () => {
  it('makes as many spans as it may and refuses to make one more', () => {
    const options = { chunkSize: 1, chunkOverlap: 0, chunkMinSize: 0, separators: [everyCodePoint] };
    assert.equal(splitText('abc', options, 3).length, 3);
    assert.throws(
      () => splitText('abcd', options, 3),
      (error: unknown) => error instanceof GatewayError && error.code === 'document_too_large',
    );
  });

  it('makes chunks that keep the order of the text and count their code points', () => {
    fc.assert(
      fc.property(cuttable, ({ text, options }) => {
        let last = { start: 0, end: 0 };
        for (const span of splitText(text, options)) {
          assert.ok(span.start < span.end && span.start >= last.start && span.end >= last.end);
          assert.equal(span.codePoints, [...text.slice(span.start, span.end)].length);
          last = span;
        }
      }),
    );
  });

  it('leaves nothing but white space outside the chunks, whatever the smallest size', () => {
    fc.assert(
      fc.property(cuttable, ({ text, options }) => {
        const spans = splitText(text, options);
        for (let offset = 0; offset < text.length; offset += 1) {
          const covered = spans.some((span) => span.start <= offset && offset < span.end);
          assert.ok(covered || isWhiteSpace(text.charCodeAt(offset)), `offset ${offset} is lost`);
        }
      }),
    );
  });

  it('never cuts a surrogate pair', () => {
    fc.assert(
      fc.property(cuttable, fc.constantFrom('\ud83d', '\ude00', 'a\ud83d', '\ude00a'), ({ text, options }, half) => {
        const separators = [literalMatcher(half), ...options.separators];
        for (const span of splitText(text, { ...options, separators })) {
          assert.ok(!splitsPair(text, span.start) && !splitsPair(text, span.end));
        }
      }),
    );
  });

  it('keeps every chunk within the size when every code point may be cut at', () => {
    fc.assert(
      fc.property(cuttable, ({ text, options }) => {
        for (const span of splitText(text, { ...options, chunkMinSize: 0 })) {
          assert.ok(span.codePoints <= options.chunkSize);
        }
      }),
    );
  });

  it('exceeds the size only by a piece that no separator cuts', () => {
    fc.assert(
      fc.property(texts, sizes, literals, (text, { chunkSize, chunkOverlap }, literals) => {
        const separators = literals.map(literalMatcher);
        for (const span of splitText(text, { chunkSize, chunkOverlap, chunkMinSize: 0, separators })) {
          if (span.codePoints <= chunkSize) continue;
          const afterFirst = text.slice(span.start + 1, span.end);
          assert.ok(literals.every((literal) => !afterFirst.includes(literal)));
        }
      }),
    );
  });

  it('repeats no more than the overlap', () => {
    fc.assert(
      fc.property(cuttable, ({ text, options }) => {
        for (const [span, next] of pairs(splitText(text, { ...options, chunkMinSize: 0 }))) {
          assert.ok([...text.slice(next.start, span.end)].length <= options.chunkOverlap);
        }
      }),
    );
  });

  it('leaves a chunk below the smallest size only where it has no room in a neighbour', () => {
    fc.assert(
      fc.property(cuttable, ({ text, options }) => {
        const { chunkSize, chunkMinSize } = options;
        const lengthOf = (first: Span, second: Span) => [...text.slice(first.start, second.end)].length;
        for (const [span, next] of pairs(splitText(text, options))) {
          const isShort = span.codePoints < chunkMinSize || next.codePoints < chunkMinSize;
          assert.ok(!isShort || lengthOf(span, next) > chunkSize + chunkMinSize);
        }
      }),
    );
  });

  it('exceeds the size by no more than the smallest size when it merges', () => {
    fc.assert(
      fc.property(cuttable, ({ text, options }) => {
        for (const span of splitText(text, options)) {
          assert.ok(span.codePoints <= options.chunkSize + options.chunkMinSize);
        }
      }),
    );
  });

  it('joins a short tail to the chunk before it', () => {
    assert.deepEqual(contents('aaaa bbbb cc', { chunkSize: 9, chunkMinSize: 3 }), ['aaaa bbbb cc']);
    assert.deepEqual(contents('aaaa bbbb cc', { chunkSize: 9, chunkMinSize: 0 }), ['aaaa bbbb', 'cc']);
  });

  it('joins a short head to the chunk after it', () => {
    assert.deepEqual(contents('a\nbbbb cccc', { chunkSize: 10, chunkMinSize: 3 }), ['a\nbbbb cccc']);
    assert.deepEqual(contents('a\nbbbb cccc', { chunkSize: 10, chunkMinSize: 0 }), ['a', 'bbbb cccc']);
  });

  it('keeps a short chunk that white space holds apart from its neighbours', () => {
    const text = `aaaa${' '.repeat(40)}b`;
    assert.deepEqual(contents(text, { chunkSize: 5, chunkMinSize: 2 }), ['aaaa', 'b']);
  });
});

describe('splitText on a hostile megabyte', () => {
  const million = 1_000_000;
  const hostile = {
    'of one letter': 'a'.repeat(million),
    'of line feeds': '\n'.repeat(million),
    'of spaces': ' '.repeat(million),
    'of alternating separators': ' \n\n \n'.repeat(million / 5),
    'of emoji': '😀'.repeat(million / 2),
    'of lone surrogates': '\ude00\ud83d '.repeat(million / 4),
  };
  const separators = [...['\n\n', '\n', ' '].map(literalMatcher), everyCodePoint];

  for (const [name, text] of Object.entries(hostile)) {
    // Work that grew with size times length, let alone length squared, would not end within the time.
    it(`${name} is linear, even with an overlap of half the text`, { timeout: 20_000 }, () => {
      const wide = { chunkSize: million / 2, chunkOverlap: million / 2, chunkMinSize: 0, separators };
      const narrow = { chunkSize: 10, chunkOverlap: 0, chunkMinSize: 5, separators };
      for (const options of [wide, narrow]) {
        let covered = 0;
        for (const span of splitText(text, options)) covered = Math.max(covered, span.end);
        assert.ok(isWhiteSpaceFrom(text, covered));
      }
    });
  }
});

function isWhiteSpaceFrom(text: string, offset: number): boolean {
  for (let at = offset; at < text.length; at += 1) {
    if (!isWhiteSpace(text.charCodeAt(at))) return false;
  }
  return true;
}

function contents(text: string, sizes: Pick<SplitOptions, 'chunkSize' | 'chunkMinSize'>): string[] {
  const separators = ['\n', ' '].map(literalMatcher);
  return splitText(text, { ...sizes, chunkOverlap: 0, separators }).map((span) => text.slice(span.start, span.end));
}

function pairs(spans: readonly Span[]): [Span, Span][] {
  return spans.slice(1).map((next, index) => [spans[index] ?? next, next]);
}
