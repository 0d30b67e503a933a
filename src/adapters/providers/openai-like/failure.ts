import type { GatewayError } from '../../../core/errors.ts';
import { isRecord } from '../../../core/json/is-record.ts';
import { upstreamFailure } from '../../http/upstream-failure.ts';

/**
 * What a vendor says with status 200 in place of an answer or a frame of one, as the error it means; null of anything
 * else: `{error}` of most, also beside choices, `{object: "error"}` of older vLLM, and of Responses `{type: "error"}`,
 * `{type: "response.failed", response: {error}}` and an answer that has failed. `key` is blotted out.
 */
export function failureIn(answer: unknown, key: string | null): GatewayError | null {
  const error = errorIn(answer);
  return error ? failureOf(error, key) : null;
}

/**
 * The same of the text of a whole answer or of one frame of a stream, which may be named as a failure itself. It has one
 * character per byte.
 */
export function failureInText(bytes: string, key: string | null): GatewayError | null {
  // Every frame passes here, and nearly none fails.
  if (!bytes.includes('error') && !bytes.includes('response.failed')) return null;
  const text = Buffer.from(bytes, 'latin1').toString('utf8');
  const value = jsonIn(text.startsWith('{') ? text : dataIn(text));
  return failureIn(value, key) ?? (eventOfFailure.test(text) ? failureOf(errorOfResponse(value), key) : null);
}

const eventOfFailure = /^event: ?(?:error|response\.failed)\r?$/m;

function failureOf(error: unknown, key: string | null): GatewayError {
  return upstreamFailure(statusIn(error), {}, JSON.stringify({ error }), key);
}

function errorIn(answer: unknown): unknown {
  // Gemini wraps the error of a stream in a list.
  const value: unknown = Array.isArray(answer) ? answer[0] : answer;
  if (!isRecord(value)) return null;
  const { error, object, type } = value;
  if (error) return error;
  if (object === 'error' || type === 'error') return value;
  return type === 'response.failed' ? errorOfResponse(value) : null;
}

/** What is told of a failure as such, if it brings no response that says more. */
function errorOfResponse(told: unknown): unknown {
  const response = isRecord(told) ? told['response'] : null;
  return (isRecord(response) && response['error']) || told;
}

/** Codes of OpenAI in the error of a stream -> the status it would have answered with. */
const statuses: Record<string, number> = {
  context_length_exceeded: 400,
  insufficient_quota: 429,
  rate_limit_exceeded: 429,
};

/** vLLM writes the status itself. */
function statusIn(error: unknown): number {
  const code = isRecord(error) ? error['code'] : null;
  const status = statuses[String(code)] ?? Number(code);
  return status >= 400 && status < 600 ? status : 500;
}

function dataIn(frame: string): string {
  const lines = frame.split(/\r?\n/).filter((line) => line.startsWith('data:'));
  return lines.length === 0 ? frame : lines.map((line) => line.slice('data:'.length)).join('\n');
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
