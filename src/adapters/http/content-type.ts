import { GatewayError } from '../../core/errors.ts';
import type { HttpAnswer } from './client.ts';

const patterns = {
  json: /^application\/(?:[\w.-]+\+)?json\b/i,
  'event stream': /^text\/event-stream\b/i,
  ndjson: /^application\/(?:x-ndjson|jsonl?|x-jsonlines)\b/i,
} as const;

/** A page of a proxy with status 200 is not an answer. Gives the body up when it throws `upstream_error`. */
export function assertContentType(answer: HttpAnswer, expected: keyof typeof patterns): void {
  const type = typeOf(answer);
  if (patterns[expected].test(type)) return;
  answer.discard();
  throw new GatewayError('upstream_error', "The model's provider answered in a format that was not expected.", {
    cause: new Error(`expected ${expected}, got content type ${JSON.stringify(type)}`),
  });
}

function typeOf({ headers }: Pick<HttpAnswer, 'headers'>): string {
  return String(headers['content-type'] ?? '');
}
