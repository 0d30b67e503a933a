import { GatewayError } from '../../core/errors.ts';
import type { Http, HttpAnswer } from '../http/client.ts';
import { assertSuccess, UpstreamStatus } from '../http/upstream-failure.ts';
import type { VendorCall } from './vendor.ts';

export { malformedAnswer } from '../../core/malformed-answer.ts';

export interface Question {
  url: string;
  /** Credentials, and what else the vendor wants. */
  headers: Record<string, string>;
  /** Null for a GET; an object is sent as JSON, bytes as they are. */
  body: object | Uint8Array | null;
}

/** Where vendors write their own id of a request. */
const idHeaders = ['x-request-id', 'request-id', 'apim-request-id', 'mistral-correlation-id'];

/** Asks a vendor, and resolves with the head of a 2xx answer; any other answer is thrown as what it means. */
export async function ask(http: Http, call: VendorCall, { url, headers, body }: Question): Promise<HttpAnswer> {
  const answer = await http.request({
    method: body === null ? 'GET' : 'POST',
    namedBy: call.target.namedBy,
    url,
    headers: body === null ? headers : { 'content-type': 'application/json', ...headers },
    body: body === null || body instanceof Uint8Array ? body : JSON.stringify(body),
    signal: call.signal,
    ...(call.timeoutMs !== undefined && { firstByteTimeoutMs: call.timeoutMs, idleTimeoutMs: call.timeoutMs }),
  });
  const id = idHeaders.map((name) => answer.headers[name]).find((value) => typeof value === 'string');
  if (typeof id === 'string') call.onUpstreamId?.(id);
  await assertSuccess(answer, call.target.key);
  return answer;
}

/** A stream that ends before it is complete is a failure, however properly its connection was closed. */
export function cutOff(): GatewayError {
  return new GatewayError('upstream_error', "The model's provider broke off its answer.", {
    cause: new Error('the stream ended before the answer did'),
  });
}

/** The server has no such path, or no such model; what a request names and is not there is its own fault. */
export function isNotFound(error: unknown): boolean {
  if (!(error instanceof GatewayError) || error.code === 'upstream_rejected') return false;
  return error.cause instanceof UpstreamStatus && error.cause.status === 404;
}
