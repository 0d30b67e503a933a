import type { BlobRef } from '../blob.ts';
import type { Operation } from '../endpoint.ts';
import { GatewayError, type Problem } from '../errors.ts';
import type { ValidRequest } from '../invoke.ts';
import { check } from './find-problems.ts';

/** A request as it came, before its declaration's schemas have seen it. */
export interface RawRequest {
  params: Record<string, string>;
  query: Record<string, string | string[]>;
  /** Undefined when there was none. */
  body: unknown;
  files: Record<string, BlobRef>;
  /** The JSON text of the body; null where there is none. */
  bytes: Uint8Array | null;
}

/** Holds a request against its declaration. Throws `invalid_request` with the faults of all its parts at once. */
export function validateRequest(operation: Operation, raw: RawRequest): ValidRequest {
  const problems: Problem[] = [];
  const value = (schema: Operation['body'], input: unknown, source: NonNullable<Problem['source']>): unknown => {
    if (schema === undefined) return undefined;
    const checked = check(schema, input, source);
    if (checked.ok) return checked.value;
    problems.push(...checked.problems);
    return undefined;
  };
  const params = value(operation.params, raw.params, 'path');
  const query = value(operation.query, raw.query, 'query');
  const body = value(operation.body, raw.body, 'body');
  problems.push(...fileProblems(operation, raw.files));
  if (problems.length > 0) throw invalidRequest(problems);
  return { params, query, body, files: raw.files, bytes: raw.bytes };
}

function fileProblems(operation: Operation, files: Record<string, BlobRef>): Problem[] {
  const fields = operation.files ?? {};
  const missing = Object.entries(fields)
    .filter(([name, field]) => field.required && !Object.hasOwn(files, name))
    .map(([name]) => ({ path: name, message: 'Required: expected a file.', rule: 'missing' }));
  const unknown = Object.keys(files)
    .filter((name) => !Object.hasOwn(fields, name))
    .map((name) => ({ path: name, message: `Unknown file field '${name}'.`, rule: 'unrecognized_keys' }));
  return [...missing, ...unknown].map((problem) => ({ ...problem, source: 'body' as const }));
}

export function invalidRequest(problems: readonly Problem[]): GatewayError {
  const [first] = problems;
  if (first === undefined) return new GatewayError('invalid_request', 'The request is invalid.');
  const message = first.path === '' ? first.message : `${first.path}: ${first.message}`;
  return new GatewayError('invalid_request', message, { problems, ...(first.path !== '' && { param: first.path }) });
}
