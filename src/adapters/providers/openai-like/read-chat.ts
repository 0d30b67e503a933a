import { parseJson } from '../../http/read-json.ts';
import type { ServerSentEvent } from '../../http/sse-reader.ts';
import { malformedAnswer } from '../ask.ts';
import type { AnswerReader } from '../translation/read-answer.ts';
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
export function chatReader({ customTools, key }: ReadingOptions): AnswerReader<ServerSentEvent> {
  const answer = new ChatAnswer(customTools);
  let isOver = false;
  return {
    read({ data }) {
      isOver = data === '[DONE]';
      return isOver ? [] : answer.read(parseChunk(data, key));
    },
    isOver: () => isOver,
    end: () => answer.end(),
  };
}

function parseChunk(data: string, key: string | null): ChatChunk {
  const value = parseJson(data);
  const failure = failureIn(value, key);
  if (failure) throw failure;
  const { data: chunk, error } = chatChunk.safeParse(value);
  if (error) throw malformedAnswer(error);
  return chunk;
}
