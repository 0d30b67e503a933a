import type { ChatPart } from '../../../core/chat-parts.ts';
import { parseJson } from '../../http/read-json.ts';
import { readSse } from '../../http/read-sse.ts';
import { malformedAnswer } from '../ask.ts';
import { readAnswer, type StreamedAnswer } from '../translation/read-answer.ts';
import { ChatAnswer } from './chat-answer.ts';
import { type ChatChunk, chatChunk } from './chunk.ts';
import { failureIn } from './failure.ts';

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
  const value = parseJson(data);
  const failure = failureIn(value, key);
  if (failure) throw failure;
  const { data: chunk, error } = chatChunk.safeParse(value);
  if (error) throw malformedAnswer(error);
  return chunk;
}
