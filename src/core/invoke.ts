import type { Call, StreamVerb, Verb } from './call.ts';
import type { Endpoint, RequestParts } from './endpoint.ts';
import type { Verbs } from './verbs.ts';

/** A request whose body, parameters and query have passed the declaration's schemas. */
export interface ValidRequest extends RequestParts<unknown, unknown> {
  body: unknown;
}

export interface Answer {
  statusCode: number;
  /** Null for 204. */
  body: unknown;
}

/** Runs a declared call from wire to wire. The one path for inline calls and for jobs, so that both answer the same. */
export async function invoke(endpoint: Endpoint, verbs: Verbs, request: ValidRequest, call: Call): Promise<Answer> {
  const input = endpoint.toCore(request.body, request);
  const verb = verbs[endpoint.verb] as Verb<unknown, unknown> | StreamVerb<unknown, unknown>;
  const output = await collect(verb(input, call));
  return answer(endpoint, output, request);
}

/** The wire form of a verb's result, for work that ended elsewhere than in `invoke`. */
export function answer(endpoint: Endpoint, output: unknown, request: ValidRequest): Answer {
  return { statusCode: endpoint.status ?? 200, body: endpoint.fromCore(output, request.body, request) ?? null };
}

/** The full answer of a streaming verb is the list of its parts. */
async function collect(output: Promise<unknown> | AsyncIterable<unknown>): Promise<unknown> {
  if (!(Symbol.asyncIterator in output)) return output;
  const parts: unknown[] = [];
  for await (const part of output) parts.push(part);
  return parts;
}
