import type { ErrorCode, GatewayError } from '../errors.ts';

/** What a failed call tells of its upstream. */
export type Verdict =
  /** It did its part, if only to find fault with the request. */
  | 'well'
  /** It gets too much. */
  | 'throttled'
  /** It took too long: it may be ill, or get too much. */
  | 'slow'
  | 'failed';

/** Who may still be asked after the failure. */
export type Remedy = 'another' | 'another-vendor' | 'nobody';

interface Failure {
  verdict: Verdict;
  remedy: Remedy;
}

const rejected: Failure = { verdict: 'well', remedy: 'nobody' };
const failed: Failure = { verdict: 'failed', remedy: 'another' };

const failures: Partial<Record<ErrorCode, Failure>> = {
  rate_limit_exceeded: { verdict: 'throttled', remedy: 'another' },
  overloaded: failed,
  upstream_error: failed,
  upstream_auth_error: failed,
  unavailable: failed,
  upstream_timeout: { verdict: 'slow', remedy: 'another' },
  // A bug in how one vendor is spoken to need not be one in how another is.
  internal_error: failed,
  unsupported_value: { verdict: 'well', remedy: 'another-vendor' },
};

/** Everything else is the fault of the request: it says nothing of the upstream, and no other would do better. */
export function judge(error: GatewayError): Failure {
  return failures[error.code] ?? rejected;
}

/** How the operating system and the HTTP client say that a connection never came about. */
const noConnection: ReadonlySet<unknown> = new Set([
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/**
 * Whether a call was never taken on: every provider is full, wants to be left alone, has failed too often of late or
 * cannot be reached. That says nothing of the call; the same one may be answered later.
 */
export function isTurnedAway({ code, cause }: GatewayError): boolean {
  if (code === 'rate_limit_exceeded' || code === 'overloaded') return true;
  return cause instanceof Error && 'code' in cause && noConnection.has(cause.code);
}

/** The earlier, the more a caller can do about it. */
const byUse: readonly ErrorCode[] = [
  'rate_limit_exceeded',
  'overloaded',
  'unavailable',
  'upstream_timeout',
  'upstream_error',
  'internal_error',
  'upstream_auth_error',
];

/** Of what several upstreams refused a request with, what its caller should hear; null when none has. */
export function mostUseful(errors: readonly GatewayError[]): GatewayError | null {
  const [best] = [...errors].sort((a, b) => rank(a) - rank(b) || waitMs(a) - waitMs(b));
  return best ?? null;
}

function rank(error: GatewayError): number {
  const place = byUse.indexOf(error.code);
  return place === -1 ? byUse.length : place;
}

function waitMs(error: GatewayError): number {
  return error.retryAfterMs ?? Number.MAX_SAFE_INTEGER;
}
