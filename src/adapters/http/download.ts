import type { MediaKind } from '../../core/chat/media.ts';
import { GatewayError } from '../../core/errors.ts';
import type { Http, HttpAnswer } from './client.ts';
import { faultOf, faultSentences } from './fault.ts';
import { mediaTypeOf } from './media-type.ts';
import { readUpTo } from './read-json.ts';
import { redirectTarget } from './redirect.ts';

export interface DownloadRequest {
  url: string;
  kind: MediaKind;
  maxBytes: number;
  /** Of the whole, redirects included. */
  timeoutMs: number;
  /** The field of the request that named the address. */
  param: string;
  signal: AbortSignal;
}

export interface Downloaded {
  mediaType: string;
  bytes: Buffer;
}

const maxRedirects = 3;
const redirects = [301, 302, 303, 307, 308];

/**
 * Fetches a picture or a file that a caller named, without credentials. Every redirect is judged like the address
 * itself, and none leaves https. Throws `invalid_request` with `param`, or `client_closed_request` when `signal` fires.
 */
export async function download(http: Http, request: DownloadRequest): Promise<Downloaded> {
  const { kind, maxBytes, timeoutMs, param } = request;
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]);
  try {
    const answer = await follow(http, request, signal);
    const { bytes, whole } = await readUpTo(answer.body, maxBytes);
    if (!whole) throw refusal(param, `Expected at most ${maxBytes} bytes at the address.`);
    return { mediaType: typeIn(bytes, answer, kind, param), bytes };
  } catch (cause) {
    const isOurs = !(cause instanceof GatewayError) || cause.code === 'invalid_request';
    if (isOurs || request.signal.aborted) throw cause;
    throw refusal(param, `What is at the address could not be fetched. ${faultSentences[faultOf(cause)]}`, cause);
  }
}

async function follow(http: Http, { url, param }: DownloadRequest, signal: AbortSignal): Promise<HttpAnswer> {
  const headers = { accept: '*/*', 'user-agent': 'switchyard' };
  let address = url;
  for (let hop = 0; ; hop += 1) {
    const answer = await http.request({ method: 'GET', namedBy: 'caller', url: address, headers, body: null, signal });
    if (answer.status === 200) return answer;
    answer.discard();
    const { location } = answer.headers;
    if (!redirects.includes(answer.status) || typeof location !== 'string') {
      throw refusal(param, `What is at the address could not be fetched. It answered ${answer.status}.`);
    }
    if (hop === maxRedirects) throw refusal(param, `Expected an address that leads on at most ${maxRedirects} times.`);
    const next = redirectTarget(address, location);
    if (next === null) throw refusal(param, 'Expected an address that leads on to secure addresses only.');
    address = next;
  }
}

function typeIn(bytes: Buffer, { headers }: HttpAnswer, kind: MediaKind, param: string): string {
  const declared = String(headers['content-type'] ?? '');
  const type = mediaTypeOf(bytes, declared, kind);
  if (type !== null) return type;
  const wanted = kind === 'image' ? 'a JPEG, PNG, GIF or WebP picture' : 'a PDF or plain text file';
  throw refusal(param, `Expected ${wanted} at the address.`);
}

function refusal(param: string, sentence: string, cause?: unknown): GatewayError {
  return new GatewayError('invalid_request', sentence, { param, cause });
}
