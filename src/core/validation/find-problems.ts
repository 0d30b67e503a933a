import type { z } from 'zod';
import type { Problem } from '../errors.ts';
import { article, describeIssue, nameOf } from './describe-issue.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

const maxProblems = 100;
const maxInputLength = 256;

export type Checked = { ok: true; value: unknown } | { ok: false; problems: Problem[] };

/** Checks one part of a request; lists every fault (the first hundred) with its path from the root of that part. */
export function check(schema: z.ZodType, input: unknown, source: NonNullable<Problem['source']>): Checked {
  const result = schema.safeParse(input, { error: describeIssue, reportInput: true });
  if (result.success) return { ok: true, value: result.data };
  const problems = result.error.issues.slice(0, maxProblems).flatMap((issue) => problemsOf(issue, []));
  return { ok: false, problems: problems.slice(0, maxProblems).map((problem) => ({ ...problem, source })) };
}

function problemsOf(issue: Issue, parent: Path): Problem[] {
  const path = [...parent, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: pathText([...path, key]),
      message: `Unknown field '${key}'.`,
      rule: issue.code,
    }));
  }
  if (issue.code === 'invalid_union' && issue.errors.length > 0)
    return problemsOfUnion(issue.errors, issue.input, path);
  if (issue.code === 'invalid_key') {
    return [{ path: pathText(path), message: issue.issues[0]?.message ?? issue.message, rule: issue.code }];
  }
  return [{ path: pathText(path), message: issue.message, rule: issue.code, ...shownInput(issue.input) }];
}

/** The faults of the one branch whose type fits; or, when none does, what the branches would have taken. */
function problemsOfUnion(branches: readonly Issue[][], input: unknown, path: Path): Problem[] {
  const fitting = branches.find((issues) => !issues.some(isWrongType));
  if (fitting) return fitting.flatMap((issue) => problemsOf(issue, path));
  const expected = branches.flat().flatMap((issue) => (issue.code === 'invalid_type' ? [article(issue.expected)] : []));
  const message = `Expected ${[...new Set(expected)].join(' or ')}, got ${nameOf(input)}.`;
  return [{ path: pathText(path), message, rule: 'invalid_union', ...shownInput(input) }];
}

function isWrongType(issue: Issue): boolean {
  return issue.code === 'invalid_type' && issue.path.length === 0;
}

/** `messages[2].content[0].image_url` of its segments. */
function pathText(path: Path): string {
  return path.reduce<string>((text, segment) => {
    if (typeof segment === 'number') return `${text}[${segment}]`;
    return text === '' ? String(segment) : `${text}.${String(segment)}`;
  }, '');
}

/** Small values only: a refusal must not send a large body back. */
function shownInput(input: unknown): { input?: unknown } {
  const isSmall = typeof input === 'string' ? input.length <= maxInputLength : typeof input !== 'object';
  return input === null || (isSmall && input !== undefined) ? { input } : {};
}
