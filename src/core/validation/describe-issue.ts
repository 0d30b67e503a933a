import type { z } from 'zod';

type RawIssue = z.core.$ZodRawIssue;

const maxQuotedLength = 60;
const articles: Record<string, string> = {
  array: 'an array',
  boolean: 'true or false',
  int: 'an integer',
  number: 'a number',
  object: 'an object',
  record: 'an object',
  string: 'a string',
  null: 'null',
  never: 'nothing',
  nonoptional: 'a value',
};
const units: Record<string, [one: string, many: string]> = {
  string: ['character', 'characters'],
  array: ['item', 'items'],
  set: ['item', 'items'],
};

/**
 * What was expected and what came, in one sentence. Used where a schema has no message of its own. Text is quoted only
 * where a choice or a format is at fault, never where a length is: those are the rules of passwords.
 */
export function describeIssue(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return issue.input === undefined
        ? `Required: expected ${article(issue.expected)}.`
        : `Expected ${article(issue.expected)}, got ${nameOf(issue.input)}.`;
    case 'too_small':
      return `Expected ${bound('at least', 'more than', issue.inclusive, issue.minimum, issue.origin)}, got ${sizeOf(issue.input, issue.origin)}.`;
    case 'too_big':
      return `Expected ${bound('at most', 'less than', issue.inclusive, issue.maximum, issue.origin)}, got ${sizeOf(issue.input, issue.origin)}.`;
    case 'invalid_value':
      return `Expected ${oneOf(issue.values)}, got ${quote(issue.input)}.`;
    case 'invalid_format':
      return `Expected ${issue.format === 'regex' ? `text that matches ${issue.pattern}` : `a valid ${issue.format}`}, got ${quote(issue.input)}.`;
    case 'not_multiple_of':
      return `Expected a multiple of ${issue.divisor}, got ${quote(issue.input)}.`;
    case 'invalid_union':
      return Array.isArray(issue['options']) ? `Expected ${oneOf(issue['options'])}.` : undefined;
    default:
      return undefined;
  }
}

/** `a string`, `an array of 3 items`, `5`: what a value is, without showing long content. */
export function nameOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : `an array of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'string' ? 'a string' : quote(value);
}

export function article(expected: string): string {
  return articles[expected] ?? expected;
}

function bound(
  inclusive: string,
  exclusive: string,
  isInclusive: boolean | undefined,
  limit: number | bigint,
  origin: string,
): string {
  const [one, many] = units[origin] ?? ['', ''];
  const unit = limit === 1 ? one : many;
  return `${isInclusive === false ? exclusive : inclusive} ${limit}${unit && ` ${unit}`}`;
}

function sizeOf(input: unknown, origin: string): string {
  return origin in units && hasLength(input) ? String(input.length) : quote(input);
}

function hasLength(value: unknown): value is { length: number } {
  return typeof value === 'string' || Array.isArray(value);
}

function oneOf(values: readonly unknown[]): string {
  const quoted = values.map(quote);
  return quoted.length === 1 ? `${quoted[0]}` : `one of ${quoted.join(', ')}`;
}

function quote(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'object' && value !== null) return nameOf(value);
  const text = typeof value === 'string' ? `'${value}'` : String(value);
  return text.length > maxQuotedLength ? `${text.slice(0, maxQuotedLength)}…` : text;
}
