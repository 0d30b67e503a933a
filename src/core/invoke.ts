import type { Call, StreamVerb, Verb } from './call.ts';
import type { WirePart } from './chat/parts.ts';
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
  const output = await run(endpoint, verbs, request, call);
  const bytes = relayedBytes(output);
  if (bytes === null) return answer(endpoint, output, request);
  return { statusCode: endpoint.status ?? 200, body: JSON.parse(new TextDecoder().decode(bytes)) };
}

/** What the verb of a declared call gives, whole. */
export async function run(endpoint: Endpoint, verbs: Verbs, request: ValidRequest, call: Call): Promise<unknown> {
  return whole(begin(endpoint, verbs, request, { ...call, wantsWhole: true }));
}

/** What a verb gives when all of it has come: the full answer of a streaming one is the list of its parts. */
export async function whole(output: Promise<unknown> | AsyncIterable<unknown>): Promise<unknown> {
  if (!(Symbol.asyncIterator in output)) return output;
  const parts: unknown[] = [];
  for await (const part of output) parts.push(part);
  return parts;
}

/** Calls the verb of a declared call. Throws what is wrong with the request before anything has begun. */
export function begin(
  endpoint: Endpoint,
  verbs: Verbs,
  request: ValidRequest,
  call: Call,
): Promise<unknown> | AsyncIterable<unknown> {
  const verb = verbs[endpoint.verb] as Verb<unknown, unknown> | StreamVerb<unknown, unknown>;
  return verb(endpoint.toCore(request.body, request), call);
}

/** The wire form of a verb's result, for work that ended elsewhere than in `invoke`. */
export function answer(endpoint: Endpoint, output: unknown, request: ValidRequest): Answer {
  return { statusCode: endpoint.status ?? 200, body: endpoint.fromCore(output, request.body, request) ?? null };
}

/** The answer of an upstream that is passed on as it is; null of one that has to be put into words. */
export function relayedBytes(output: unknown): Uint8Array | null {
  if (!Array.isArray(output) || !isWirePart(output[0])) return null;
  const pieces: Uint8Array[] = output.filter(isWirePart).map((part) => part.bytes);
  if (pieces.length === 1) return pieces[0] ?? null;
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.byteLength, 0));
  pieces.reduce((offset, piece) => {
    whole.set(piece, offset);
    return offset + piece.byteLength;
  }, 0);
  return whole;
}

export function isWirePart(part: unknown): part is WirePart {
  return typeof part === 'object' && part !== null && 'type' in part && part.type === 'wire';
}
