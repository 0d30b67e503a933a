import { splitsPair } from './code-points.ts';

/**
 * One separator. Finds its matches in a text as Python's `re.finditer` does: leftmost first, without overlap, empty
 * matches included. A piece of text begins where a match starts, so only the starts are reported; where a match ends
 * decides nothing but where the next may start.
 */
export interface Matcher {
  /** UTF-16 offsets, ascending, never between the halves of a surrogate pair; empty if there is no match. */
  matchStarts(text: string): number[];
}

/**
 * Makes the matcher of an expression that a caller sent. Throws `invalid_request` naming `param` for one that is
 * malformed or asks for what the engine lacks.
 */
export type CompileExpression = (pattern: string, param: string) => Matcher;

/** Python's empty separator: every code point begins a piece. */
export const everyCodePoint: Matcher = {
  matchStarts(text) {
    const starts: number[] = [];
    for (let offset = 0; offset < text.length; offset += 1) {
      if (!splitsPair(text, offset)) starts.push(offset);
    }
    return starts;
  },
};

export function literalMatcher(literal: string): Matcher {
  return {
    matchStarts(text) {
      const starts: number[] = [];
      let at = text.indexOf(literal);
      while (at !== -1) {
        // A literal that is half a pair is a code point of its own, and not part of a whole one.
        const found = !splitsPair(text, at) && !splitsPair(text, at + literal.length);
        if (found) starts.push(at);
        at = text.indexOf(literal, at + (found ? literal.length : 1));
      }
      return starts;
    },
  };
}

/** For expressions of our own, which are known not to backtrack. Python's syntax must have been translated. */
export function expressionMatcher(source: RegExp): Matcher {
  const expression = new RegExp(source.source, 'gu');
  return {
    matchStarts(text) {
      const starts: number[] = [];
      expression.lastIndex = 0;
      for (let match = expression.exec(text); match !== null; match = expression.exec(text)) {
        starts.push(match.index);
        if (match[0] === '') expression.lastIndex += splitsPair(text, match.index + 1) ? 2 : 1;
      }
      return starts;
    },
  };
}
