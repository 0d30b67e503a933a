/**
 * Every way a call can fail, as a closed table: code -> HTTP status, whether a retry can help, and the
 * OpenAI-style `type` it is reported under. Dialects render it; nothing else knows a status.
 */
export const errorTable = {
  invalid_request: { status: 400, retryable: false, type: 'invalid_request_error' },
  malformed_body: { status: 400, retryable: false, type: 'invalid_request_error' },
  unsupported_operation: { status: 400, retryable: false, type: 'invalid_request_error' },
  /** A provider that does not answer, or not as the model it is said to run. */
  model_unreachable: { status: 424, retryable: true, type: 'upstream_error' },
  /** A provider that differs from the others of its router in what callers rely on. */
  inconsistent_provider: { status: 403, retryable: false, type: 'invalid_request_error' },
  /** A field or value that is understood and cannot be honoured here; `param` names it. */
  unsupported_value: { status: 400, retryable: false, type: 'invalid_request_error' },
  context_length_exceeded: { status: 400, retryable: false, type: 'invalid_request_error' },
  /** The upstream found fault with the request and no other would do better. */
  upstream_rejected: { status: 400, retryable: false, type: 'invalid_request_error' },
  body_too_large: { status: 413, retryable: false, type: 'request_too_large' },
  unsupported_media_type: { status: 415, retryable: false, type: 'invalid_request_error' },
  unprocessable_document: { status: 422, retryable: false, type: 'invalid_request_error' },
  document_too_large: { status: 413, retryable: false, type: 'request_too_large' },
  not_authenticated: { status: 401, retryable: false, type: 'authentication_error' },
  invalid_api_key: { status: 401, retryable: false, type: 'authentication_error' },
  ambiguous_credentials: { status: 400, retryable: false, type: 'authentication_error' },
  account_expired: { status: 403, retryable: false, type: 'permission_error' },
  permission_denied: { status: 403, retryable: false, type: 'permission_error' },
  not_found: { status: 404, retryable: false, type: 'not_found_error' },
  model_not_found: { status: 404, retryable: false, type: 'not_found_error' },
  method_not_allowed: { status: 405, retryable: false, type: 'invalid_request_error' },
  conflict: { status: 409, retryable: false, type: 'conflict_error' },
  idempotency_key_reused: { status: 422, retryable: false, type: 'invalid_request_error' },
  job_not_terminal: { status: 409, retryable: true, type: 'conflict_error' },
  job_expired: { status: 410, retryable: false, type: 'not_found_error' },
  job_cancelled: { status: 409, retryable: false, type: 'conflict_error' },
  deadline_exceeded: { status: 504, retryable: true, type: 'timeout_error' },
  client_closed_request: { status: 499, retryable: false, type: 'invalid_request_error' },
  /** What was sent came so slowly that it was not waited for. */
  request_timeout: { status: 408, retryable: true, type: 'timeout_error' },
  headers_too_large: { status: 431, retryable: false, type: 'invalid_request_error' },
  rate_limit_exceeded: { status: 429, retryable: true, type: 'rate_limit_error' },
  upstream_error: { status: 502, retryable: true, type: 'upstream_error' },
  upstream_auth_error: { status: 502, retryable: false, type: 'upstream_error' },
  upstream_timeout: { status: 504, retryable: true, type: 'timeout_error' },
  overloaded: { status: 503, retryable: true, type: 'overloaded_error' },
  unavailable: { status: 503, retryable: true, type: 'overloaded_error' },
  internal_error: { status: 500, retryable: true, type: 'api_error' },
} as const satisfies Record<string, { status: number; retryable: boolean; type: string }>;

export type ErrorCode = keyof typeof errorTable;

/** One fault in a request. `path` is a JSON path such as `messages[2].content`, empty for the whole body. */
export interface Problem {
  /** The part of the request that `path` is in; the body unless said otherwise. */
  source?: 'body' | 'query' | 'path';
  path: string;
  message: string;
  /** The validator's word for the rule that was broken, e.g. `too_small`. */
  rule?: string;
  input?: unknown;
}

export interface GatewayErrorOptions {
  /** The field at fault, as a path. */
  param?: string;
  retryAfterMs?: number;
  /** All faults of an invalid request; `publicMessage` states the first. */
  problems?: readonly Problem[];
  /** What really happened, for the log. Never shown to a caller. */
  cause?: unknown;
}

/** The only error that crosses a boundary. `message` is for our log; `publicMessage` is for the caller. */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly publicMessage: string;
  readonly param: string | null;
  readonly retryAfterMs: number | null;
  readonly problems: readonly Problem[];

  constructor(code: ErrorCode, publicMessage: string, options: GatewayErrorOptions = {}) {
    super(`${code}: ${publicMessage}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'GatewayError';
    this.code = code;
    this.publicMessage = publicMessage;
    this.param = options.param ?? null;
    this.retryAfterMs = options.retryAfterMs ?? null;
    this.problems = options.problems ?? [];
  }

  get status(): number {
    return errorTable[this.code].status;
  }

  get type(): string {
    return errorTable[this.code].type;
  }

  get retryable(): boolean {
    return errorTable[this.code].retryable;
  }
}

/** Anything thrown becomes a GatewayError; what we did not foresee becomes an opaque `internal_error`. */
export function toGatewayError(thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown;
  return new GatewayError('internal_error', 'An unexpected error occurred.', { cause: thrown });
}

/**
 * Whether the work could not go on for the moment, as where one of our own engines is away or another try has the job: no
 * fault of the work, which comes again as it would after the death of a worker.
 */
export function isUnavailable(thrown: unknown): thrown is GatewayError {
  return thrown instanceof GatewayError && thrown.code === 'unavailable';
}

/** Throws unless `condition` holds, so that guards read as assertions. */
export function assertThat(
  condition: unknown,
  code: ErrorCode,
  publicMessage: string,
  options?: GatewayErrorOptions,
): asserts condition {
  if (!condition) throw new GatewayError(code, publicMessage, options);
}

/** The part of an error that is stored with a job and crosses the workflow boundary. */
export interface StoredError {
  code: ErrorCode;
  message: string;
  param: string | null;
  retryable: boolean;
}

export function storeError(error: GatewayError): StoredError {
  return { code: error.code, message: error.publicMessage, param: error.param, retryable: error.retryable };
}

export function reviveError(stored: StoredError): GatewayError {
  return new GatewayError(stored.code, stored.message, stored.param === null ? {} : { param: stored.param });
}

/** What a job ends with that was not done by its deadline. */
export const deadlineError: StoredError = storeError(
  new GatewayError('deadline_exceeded', 'The job did not finish before its deadline.'),
);
