import type { ChatPart } from '../../../core/chat-parts.ts';
import { parseJson } from '../../http/read-json.ts';
import { readSse } from '../../http/read-sse.ts';
import { upstreamFailure } from '../../http/upstream-failure.ts';
import { malformedAnswer } from '../ask.ts';
import { readAnswer, type StreamedAnswer } from '../translation/read-answer.ts';
import { ChatAnswer } from './chat-answer.ts';
import { type ChatChunk, chatChunk } from './chunk.ts';

interface ReadingOptions {
  /** Names of the custom tools that the vendor was told of as functions. */
  customTools: ReadonlySet<string>;
  /** Blotted out of what the vendor says. */
  key: string | null;
}

/** The parts of a streamed chat. One that ends without a reason to finish was cut off. */
export function readChat(answer: StreamedAnswer, { customTools, key }: ReadingOptions): AsyncIterable<ChatPart> {
  return readAnswer(chunksOf(answer, key), new ChatAnswer(customTools));
}

async function* chunksOf(answer: StreamedAnswer, key: string | null): AsyncGenerator<ChatChunk> {
  for await (const { data } of readSse(answer.body)) {
    if (data === '[DONE]') return answer.release();
    yield parseChunk(data, key);
  }
}

function parseChunk(data: string, key: string | null): ChatChunk {
  const { data: chunk, error } = chatChunk.safeParse(parseJson(data));
  if (error) throw malformedAnswer(error);
  if (chunk.error) throw upstreamFailure(statusIn(chunk.error), {}, data, key);
  return chunk;
}

/** Codes of OpenAI in the error of a stream -> the status it would have answered with. */
const statuses: Record<string, number> = {
  context_length_exceeded: 400,
  insufficient_quota: 429,
  rate_limit_exceeded: 429,
};

/** vLLM writes the status itself. */
function statusIn(error: unknown): number {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  const status = statuses[String(code)] ?? Number(code);
  return status >= 400 && status < 600 ? status : 500;
}
