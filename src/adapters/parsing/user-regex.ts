/**
 * Separators that callers write as regular expressions, on the RE2 engine: no expression can backtrack without end.
 *
 * Where RE2 and Python's `re` differ, RE2 stands: `\s \d \w \b` know ASCII only, `$` is the very end, a group never
 * captures, and look-around, back-references and possessive repeats do not exist.
 */
import { RE2JS, RE2JSException } from 're2js';
import { GatewayError } from '../../core/errors.ts';
import type { CompileExpression, Matcher } from '../../core/splitter/matcher.ts';

export interface UserRegexLimits {
  /** UTF-16 units. */
  maxPatternLength: number;
  /** Instructions after compilation; a search costs at most instructions times text length. */
  maxProgramSize: number;
  /**
   * One search is linear, but the searches for all matches of an expression such as `a[^b]*b|a` are quadratic
   * together, in any engine. So each expression has this much time, and more for every MiB it is given.
   */
  baseTimeMs: number;
  timePerMebibyteMs: number;
}

export const defaultUserRegexLimits: UserRegexLimits = {
  maxPatternLength: 1_000,
  maxProgramSize: 1_024,
  baseTimeMs: 2_000,
  timePerMebibyteMs: 2_000,
};

const mebibyte = 1024 * 1024;

/** Syntax of Python that RE2 lacks, for a message that says so. A false alarm costs nothing: it only words a refusal. */
const unsupportedSyntax: readonly { pattern: RegExp; name: string }[] = [
  { pattern: /\(\?(?:=|!|<=|<!)/, name: 'look-around' },
  { pattern: /\\[1-9]|\(\?P=/, name: 'back-references' },
  { pattern: /\(\?>|[*+?}]\+/, name: 'atomic groups and possessive repeats' },
  { pattern: /\(\?\(/, name: 'conditional groups' },
];

/** Makes the engine of one kind of caller. What it compiles may be used for one document, not shared between them. */
export function createExpressionCompiler(limits: UserRegexLimits = defaultUserRegexLimits): CompileExpression {
  return (pattern, param) => {
    const refuse = (reason: string, cause?: unknown) =>
      new GatewayError('invalid_request', `\`${param}\` ${reason}`, { param, cause });

    if (pattern.length > limits.maxPatternLength) {
      throw refuse(`may have at most ${limits.maxPatternLength} characters; it has ${pattern.length}.`);
    }
    const expression = compile(pattern, refuse);
    const size = expression.programSize();
    if (size > limits.maxProgramSize) {
      throw refuse(
        `is too complex: it compiles to ${size} instructions, at most ${limits.maxProgramSize} are allowed.`,
      );
    }
    return timedMatcher(expression, limits, refuse);
  };
}

type Refuse = (reason: string, cause?: unknown) => GatewayError;

function compile(pattern: string, refuse: Refuse): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (thrown) {
    if (!(thrown instanceof RE2JSException)) throw thrown;
    const unsupported = unsupportedSyntax.find((syntax) => syntax.pattern.test(pattern));
    throw unsupported === undefined
      ? refuse(`is not a regular expression in RE2 syntax: ${thrown.message}.`, thrown)
      : refuse(`uses ${unsupported.name}, which RE2 regular expressions do not have: ${thrown.message}.`, thrown);
  }
}

function timedMatcher(expression: RE2JS, limits: UserRegexLimits, refuse: Refuse): Matcher {
  let allowedMs = limits.baseTimeMs;
  return {
    matchStarts(text) {
      allowedMs += (text.length / mebibyte) * limits.timePerMebibyteMs;
      const deadline = performance.now() + allowedMs;
      const matcher = expression.matcher(text);
      const starts: number[] = [];
      while (matcher.find()) {
        starts.push(matcher.start());
        if (performance.now() > deadline) throw refuse('takes too long to search this document; make it simpler.');
      }
      allowedMs = deadline - performance.now();
      return starts;
    },
  };
}
