/** The vendor that everybody asks: what it says and what it counts follow from who asks, so that both can be checked. */
import { type Answer, type Asked, type FakeUpstream, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { chatCompletion, chatStream, embeddings, failure } from '../../helpers/wire/openai.ts';
import { hash } from './random.ts';

/** The mark of an operation in every text it sends. */
const mark = /\bop-[\w-]+\b/;
/** In a prompt: the answer takes this long. */
const slowness = /\bslowly:(\d+)\b/;
const pieceAfterMs = 15;
const dimensions = 8;

export function operationIn(text: string): string | null {
  return mark.exec(text)?.[0] ?? null;
}

/** What the vendor says to an operation, in pieces. */
export function answerTo(operation: string): string[] {
  const words = 4 + (hash(operation) % 8);
  return [
    operation,
    ...Array.from({ length: words }, (_, index) => ` says ${(hash(`${operation}${index}`) % 997).toString()}`),
  ];
}

/** What the vendor says it took. */
export function usageOf(operation: string): { prompt: number; completion: number } {
  return { prompt: 10 + (hash(operation) % 90), completion: answerTo(operation).length };
}

/** What the vendor counts per text that is embedded. */
export const tokensPerText = 4;

export function startProvider(): Promise<FakeUpstream> {
  return startFakeUpstream(respond);
}

function respond(asked: Asked): Answer {
  const { pathname } = new URL(asked.path, 'http://provider');
  const body = asked.json as Record<string, unknown> | undefined;
  if (pathname.endsWith('/models')) return modelList();
  if (!body) return failure(400, 'no JSON');
  if (pathname.endsWith('/embeddings')) {
    const texts = [body['input']].flat().map(String);
    return embeddings(texts.map(vectorFor), tokensPerText * texts.length);
  }
  const operation = operationIn(asked.text);
  if (!operation) return failure(400, 'no operation is named');
  const said = { text: answerTo(operation), usage: usageOf(operation) };
  const options = body['stream_options'] as { include_usage?: boolean } | undefined;
  const slowMs = Number(slowness.exec(asked.text)?.[1] ?? 0);
  return body['stream'] === true
    ? paced(chatStream(said, 'gpt-test', options?.include_usage === true), slowMs)
    : late(chatCompletion(said), slowMs || pieceAfterMs * said.text.length);
}

function modelList(): Answer {
  const data = ['gpt-test', 'embed-test'].map((id) => ({ id, object: 'model', created: 1, owned_by: 'test' }));
  return { headers: { 'content-type': 'application/json' }, body: [JSON.stringify({ object: 'list', data })] };
}

/** A pause between the pieces, so that there is something to die in. */
function paced(answer: Answer, slowMs: number): Answer {
  const pieces = answer.body ?? [];
  const afterMs = slowMs > 0 ? Math.ceil(slowMs / pieces.length) : pieceAfterMs;
  return { ...answer, body: pieces.flatMap((piece) => [piece, { afterMs }]) };
}

function late(answer: Answer, afterMs: number): Answer {
  return { ...answer, body: [{ afterMs }, ...(answer.body ?? [])] };
}

/** Of unit length, different for different texts. */
function vectorFor(text: string): number[] {
  const raw = Array.from({ length: dimensions }, (_, index) => 1 + (hash(`${index}${text}`) % 1_000));
  const length = Math.hypot(...raw);
  return raw.map((value) => value / length);
}
