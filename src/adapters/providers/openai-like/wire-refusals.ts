import { GatewayError } from '../../../core/errors.ts';
import { judge } from '../../../core/routing/failure.ts';
import { UpstreamStatus } from '../../http/upstream-failure.ts';
import { isNotFound } from '../ask.ts';
import type { Wire } from './wires.ts';

/** How a server says of a model that it is not asked over this wire. What callers write, it repeats further behind. */
const saysOfModel: Record<Wire, RegExp> = {
  chat: /^[^:]*: (?:This model is only supported in v1\/responses\b|The chatCompletion operation does not work\b)/i,
  responses: /^[^:]*: This model is only supported in v1\/chat\/completions\b/i,
};

/** That a request goes elsewhere which asks for what this wire does not have says nothing of the next one. */
const saysOfRequest = /\bv1\/responses\b/i;

/**
 * Whether what failed over `wire` is to be asked over the other, and how sure it is that all requests to the model are:
 * `once` where it is of this one alone. Null where it is not.
 */
export function pointsElsewhere(error: unknown, wire: Wire): 'said' | 'tried' | 'once' | null {
  if (!(error instanceof GatewayError)) return null;
  if (saysOfModel[wire].test(error.publicMessage)) return 'said';
  if (isNotFound(error)) return 'tried';
  return wire === 'chat' && saysOfRequest.test(error.publicMessage) ? 'once' : null;
}

/** The server itself has found fault with the request: what it was asked over, it has. */
export function isRefusal(error: unknown): boolean {
  return error instanceof GatewayError && error.cause instanceof UpstreamStatus && judge(error).remedy === 'nobody';
}

/** The request would have been answered, had it asked for no thoughts in a form that the vendor withholds. */
export function refusesThoughts(error: unknown): error is GatewayError {
  if (!(error instanceof GatewayError) || error.code !== 'upstream_rejected') return false;
  return /^(?:include\b|reasoning\.summary$)/.test(error.param ?? '');
}

/** Of the model itself; whether thoughts are summarized depends on who asks, and `include` has words for more. */
export function hasNoThoughts({ param, publicMessage }: GatewayError): boolean {
  return param !== 'reasoning.summary' && /\bencrypted.content\b/i.test(publicMessage);
}

/**
 * Of a request that failed over one wire, which only may not be there, and then over the other: what its caller should
 * hear. A refusal of the request would keep other providers from being asked, which may have what this one lacks.
 */
export function whatToTell(first: unknown, second: unknown): unknown {
  return second instanceof GatewayError && judge(second).remedy !== 'another' ? first : second;
}
