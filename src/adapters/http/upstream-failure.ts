import { type ErrorCode, GatewayError } from '../../core/errors.ts';
import type { HttpAnswer, HttpHeaders } from './client.ts';
import { readUpTo } from './read-json.ts';
import { retryAfterOf, retryDelayIn } from './retry-after.ts';
import { vendorWords } from './vendor-words.ts';

const maxFailureBytes = 64 * 1024;

/** Status of an upstream -> our code. Others: 5xx and what nobody expects of an API are its own trouble. */
const codes: Record<number, ErrorCode> = {
  400: 'upstream_rejected',
  401: 'upstream_auth_error',
  403: 'upstream_auth_error',
  408: 'upstream_timeout',
  409: 'rate_limit_exceeded',
  413: 'upstream_rejected',
  422: 'upstream_rejected',
  429: 'rate_limit_exceeded',
  503: 'overloaded',
  504: 'upstream_timeout',
  529: 'overloaded',
};

/** What a caller is told where the vendor's own words are none of their business. */
const sentences: Partial<Record<ErrorCode, string>> = {
  upstream_auth_error: "The model's provider refused the credentials it is configured with.",
  upstream_timeout: "The model's provider did not answer in time.",
  rate_limit_exceeded: "The model's provider takes no more requests for now.",
  overloaded: "The model's provider is overloaded.",
  upstream_error: "The model's provider failed.",
};

const tooLongForModel = [
  /context.?(?:length|window|size)/i,
  /maximum (?:prompt|input|context|sequence|token)/i,
  /(?:prompt|input|request|messages?)\b.*\btoo (?:long|large|many tokens)/i,
  /too many (?:input )?tokens/i,
  /must have less than \d+ tokens/i,
  /token count .*exceeds/i,
];

/** The cause of an error that an upstream's status became. */
export class UpstreamStatus extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`upstream answered ${status}`);
    this.name = 'UpstreamStatus';
    this.status = status;
  }
}

/**
 * The one place where an upstream's status becomes our error. Its body is never shown: a request that it refused is
 * explained in its own short sentence, of which `key` is blotted out.
 */
export function upstreamFailure(
  status: number,
  headers: HttpHeaders,
  body: string,
  key: string | null = null,
): GatewayError {
  const { message, param, vendorCode } = vendorWords(body, key);
  // Gemini says so with 400.
  const isAboutKey = status === 400 && /\bapi.?key\b.*\b(?:not valid|invalid|expired)\b/i.test(message ?? '');
  const code = isAboutKey
    ? 'upstream_auth_error'
    : (codeOfMissing(status, message, param) ?? codes[status] ?? 'upstream_error');
  const cause = new UpstreamStatus(status);
  if (code !== 'upstream_rejected' && code !== 'unsupported_value') {
    const retryAfterMs = retryAfterOf(headers) ?? retryDelayIn(body);
    const publicMessage = sentences[code] ?? "The model's provider failed.";
    return new GatewayError(code, publicMessage, { cause, ...(retryAfterMs !== null && { retryAfterMs }) });
  }
  const options = { cause, ...(param !== null && { param }) };
  if (vendorCode === 'context_length_exceeded' || tooLongForModel.some((pattern) => pattern.test(message ?? ''))) {
    const publicMessage = message ?? 'The request is longer than the model can read.';
    return new GatewayError('context_length_exceeded', publicMessage, options);
  }
  const publicMessage = `The model's provider refused the request${message === null ? '.' : `: ${message}`}`;
  return new GatewayError(code, publicMessage, options);
}

const notAtThisOperation = /\bnot\b.*\bsupported in the v1\/|\bonly supported in v1\//i;

/**
 * A path or a model that is not there is the upstream's own trouble, or that of whoever has set it up. A model that
 * another operation would have answered with, or a thing that the request names, is not. Null of any other status.
 */
function codeOfMissing(status: number, message: string | null, param: string | null): ErrorCode | null {
  if (status !== 404) return null;
  if (notAtThisOperation.test(message ?? '')) return 'unsupported_value';
  return param === null || param === 'model' ? null : 'upstream_rejected';
}

/** Passes a 2xx on; throws what any other answer means. A redirect is never followed. */
export async function assertSuccess(answer: HttpAnswer, key: string | null = null): Promise<void> {
  if (answer.status >= 200 && answer.status < 300) return;
  throw upstreamFailure(answer.status, answer.headers, await explanationIn(answer), key);
}

/** The status counts, also where its explanation is cut off. */
async function explanationIn({ body }: HttpAnswer): Promise<string> {
  try {
    return (await readUpTo(body, maxFailureBytes)).bytes.toString('utf8');
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'client_closed_request') throw error;
    return '';
  }
}
